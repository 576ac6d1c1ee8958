package io.sluice.state.adaptive.snapshot;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRangeOffsets;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Puts a checkpoint of both tiers into one handle that every JobManager knows, and takes it apart.
 *
 * <p>The handle is that of an incremental RocksDB checkpoint. Its shared files are RocksDB's; its
 * private files are RocksDB's, RocksDB's meta data and the heap part; its meta data is our {@link
 * Manifest}. So reference counting of shared files, discarding, claiming and relocation are Flink's
 * own.
 */
final class TieredHandle {

    static final String HEAP_PART = "adaptive.heap";
    static final String DISK_META = "adaptive.rocksdb-meta";

    private TieredHandle() {}

    /** The two parts of a checkpoint; either may be missing. */
    record Parts(
            Manifest manifest,
            @Nullable KeyGroupsStateHandle heap,
            @Nullable IncrementalRemoteKeyedStateHandle disk) {}

    /**
     * @param backendId for checkpoints without a RocksDB part; otherwise that part's is kept, by
     *     which RocksDB finds its shared files again
     */
    static IncrementalRemoteKeyedStateHandle assemble(
            UUID backendId,
            long checkpointId,
            Manifest manifest,
            StreamStateHandle manifestHandle,
            @Nullable KeyGroupsStateHandle heap,
            @Nullable IncrementalRemoteKeyedStateHandle disk) {
        List<HandleAndLocalPath> privateFiles = new ArrayList<>();
        long checkpointedSize = manifestHandle.getStateSize();
        if (heap != null) {
            privateFiles.add(HandleAndLocalPath.of(heap.getDelegateStateHandle(), HEAP_PART));
            checkpointedSize += heap.getCheckpointedSize();
        }
        if (disk != null) {
            privateFiles.add(HandleAndLocalPath.of(disk.getMetaDataStateHandle(), DISK_META));
            privateFiles.addAll(disk.getPrivateState());
            checkpointedSize += disk.getCheckpointedSize();
        }
        return new IncrementalRemoteKeyedStateHandle(
                disk == null ? backendId : disk.getBackendIdentifier(),
                manifest.range(),
                checkpointId,
                disk == null ? List.of() : disk.getSharedState(),
                privateFiles,
                manifestHandle,
                checkpointedSize);
    }

    /** Whether a handle is one of ours; looks at names only, reads nothing. */
    static boolean isTiered(KeyedStateHandle handle) {
        return handle instanceof IncrementalRemoteKeyedStateHandle incremental
                && incremental.getPrivateState().stream()
                        .map(HandleAndLocalPath::getLocalPath)
                        .anyMatch(path -> path.equals(HEAP_PART) || path.equals(DISK_META));
    }

    /** Takes a handle for which {@link #isTiered} holds apart. Reads the manifest. */
    static Parts disassemble(IncrementalRemoteKeyedStateHandle handle) throws IOException {
        Manifest manifest = Manifest.fromBytes(read(handle.getMetaDataStateHandle()));
        StreamStateHandle heap = null;
        StreamStateHandle diskMeta = null;
        List<HandleAndLocalPath> diskPrivate = new ArrayList<>();
        for (HandleAndLocalPath file : handle.getPrivateState()) {
            switch (file.getLocalPath()) {
                case HEAP_PART -> heap = file.getHandle();
                case DISK_META -> diskMeta = file.getHandle();
                default -> diskPrivate.add(file);
            }
        }
        return new Parts(
                manifest,
                heapPart(manifest, heap),
                diskMeta == null
                        ? null
                        : new IncrementalRemoteKeyedStateHandle(
                                handle.getBackendIdentifier(),
                                handle.getKeyGroupRange(),
                                handle.getCheckpointId(),
                                handle.getSharedState(),
                                diskPrivate,
                                diskMeta,
                                handle.getCheckpointedSize()));
    }

    private static @Nullable KeyGroupsStateHandle heapPart(
            Manifest manifest, @Nullable StreamStateHandle heap) throws IOException {
        if (heap == null) {
            return null;
        }
        if (manifest.heapOffsets() == null) {
            throw new IOException(
                    "The checkpoint has a heap part but its manifest has no offsets into it: "
                            + "it is damaged. Restore from another checkpoint.");
        }
        return new KeyGroupsStateHandle(
                new KeyGroupRangeOffsets(manifest.range(), manifest.heapOffsets()), heap);
    }

    private static byte[] read(StreamStateHandle handle) throws IOException {
        try (FSDataInputStream in = handle.openInputStream()) {
            return in.readAllBytes();
        }
    }
}
