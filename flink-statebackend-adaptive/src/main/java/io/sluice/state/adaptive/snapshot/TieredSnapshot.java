package io.sluice.state.adaptive.snapshot;

import org.apache.flink.runtime.state.AsyncSnapshotCallable;
import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StateUtil;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.util.ExceptionUtils;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RunnableFuture;

/**
 * The asynchronous part of a checkpoint of both tiers: runs the parts of the two backends, which
 * were cut at the same instant, writes the manifest, and makes one handle of them.
 *
 * <p>Runs on one of the task's asynchronous threads. If it fails or is cancelled, it discards what
 * was written.
 */
public final class TieredSnapshot extends AsyncSnapshotCallable<SnapshotResult<KeyedStateHandle>> {

    private final UUID backendId;
    private final long checkpointId;
    private final CheckpointStreamFactory streams;
    private final Manifest manifest;
    private final RunnableFuture<SnapshotResult<KeyedStateHandle>> heap;
    private final @Nullable RunnableFuture<SnapshotResult<KeyedStateHandle>> disk;

    /**
     * @param manifest as of the cut, without offsets
     * @param disk null if nothing ever went to disk
     */
    public TieredSnapshot(
            UUID backendId,
            long checkpointId,
            CheckpointStreamFactory streams,
            Manifest manifest,
            RunnableFuture<SnapshotResult<KeyedStateHandle>> heap,
            @Nullable RunnableFuture<SnapshotResult<KeyedStateHandle>> disk) {
        this.backendId = backendId;
        this.checkpointId = checkpointId;
        this.streams = streams;
        this.manifest = manifest;
        this.heap = heap;
        this.disk = disk;
    }

    @Override
    protected SnapshotResult<KeyedStateHandle> callInternal() throws Exception {
        snapshotCloseableRegistry.registerCloseable(this::cancelParts);
        SnapshotResult<KeyedStateHandle> heapPart = null;
        SnapshotResult<KeyedStateHandle> diskPart = null;
        SnapshotResult<KeyedStateHandle> whole = null;
        try {
            heapPart = run(heap);
            diskPart = disk == null ? SnapshotResult.empty() : run(disk);
            whole = assemble(heapPart, diskPart);
            return whole;
        } finally {
            if (whole == null) {
                StateUtil.discardStateObjectQuietly(heapPart);
                StateUtil.discardStateObjectQuietly(diskPart);
            }
        }
    }

    private SnapshotResult<KeyedStateHandle> assemble(
            SnapshotResult<KeyedStateHandle> heapPart, SnapshotResult<KeyedStateHandle> diskPart)
            throws IOException {
        KeyGroupsStateHandle remoteHeap =
                (KeyGroupsStateHandle) heapPart.getJobManagerOwnedSnapshot();
        IncrementalRemoteKeyedStateHandle remoteDisk =
                (IncrementalRemoteKeyedStateHandle) diskPart.getJobManagerOwnedSnapshot();
        if (remoteHeap == null && remoteDisk == null) {
            return SnapshotResult.empty();
        }
        Manifest complete = manifest.withHeapOffsets(offsetsOf(remoteHeap));
        KeyedStateHandle remote =
                TieredHandle.assemble(
                        backendId,
                        checkpointId,
                        complete,
                        write(complete.toBytes()),
                        remoteHeap,
                        remoteDisk);

        KeyedStateHandle localHeap = heapPart.getTaskLocalSnapshot();
        KeyedStateHandle localDisk = diskPart.getTaskLocalSnapshot();
        boolean localIsWhole =
                (remoteHeap == null) == (localHeap == null)
                        && (remoteDisk == null) == (localDisk == null);
        if (localIsWhole) {
            return SnapshotResult.withLocalState(
                    remote,
                    new TieredLocalHandle(manifest.withHeapOffsets(null), localHeap, localDisk));
        }
        StateUtil.discardStateObjectQuietly(localHeap);
        StateUtil.discardStateObjectQuietly(localDisk);
        return SnapshotResult.of(remote);
    }

    private static long @Nullable [] offsetsOf(@Nullable KeyGroupsStateHandle heap) {
        if (heap == null) {
            return null;
        }
        long[] offsets = new long[heap.getKeyGroupRange().getNumberOfKeyGroups()];
        int i = 0;
        for (int keyGroup : heap.getKeyGroupRange()) {
            offsets[i++] = heap.getOffsetForKeyGroup(keyGroup);
        }
        return offsets;
    }

    private StreamStateHandle write(byte[] bytes) throws IOException {
        CheckpointStateOutputStream out =
                streams.createCheckpointStateOutputStream(CheckpointedStateScope.EXCLUSIVE);
        snapshotCloseableRegistry.registerCloseable(out);
        out.write(bytes);
        if (!snapshotCloseableRegistry.unregisterCloseable(out)) {
            throw new IOException("Checkpoint " + checkpointId + " was cancelled.");
        }
        StreamStateHandle handle = out.closeAndGetHandle();
        if (handle == null) {
            throw new IOException("The manifest of checkpoint " + checkpointId + " was not kept.");
        }
        return handle;
    }

    private static SnapshotResult<KeyedStateHandle> run(
            RunnableFuture<SnapshotResult<KeyedStateHandle>> part) throws Exception {
        part.run();
        try {
            return part.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            ExceptionUtils.rethrowException(cause);
            throw e;
        }
    }

    private void cancelParts() {
        heap.cancel(true);
        if (disk != null) {
            disk.cancel(true);
        }
    }

    @Override
    protected void cleanupProvidedResources() {
        cancelParts();
    }
}
