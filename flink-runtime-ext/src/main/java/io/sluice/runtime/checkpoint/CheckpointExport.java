package io.sluice.runtime.checkpoint;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.PhysicalStateHandleID;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.EmptyFileMergingOperatorStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Copies a completed checkpoint with all files it refers to into one directory, which needs nothing
 * outside and may be moved. Flink of the same version and state backend restores from it as from
 * the checkpoint.
 *
 * <p>Blocks; for one thread.
 */
public final class CheckpointExport {

    private static final int BUFFER_BYTES = 1 << 20;

    private final FileSystem files;
    private final Path directory;

    /** Each file is copied once, however many refer to it. */
    private final Map<PhysicalStateHandleID, StreamStateHandle> copied = new HashMap<>();

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long bytes;

    private CheckpointExport(FileSystem files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /**
     * A copy of a checkpoint.
     *
     * @param path with its scheme
     * @param bytes copied
     */
    public record Exported(String path, long bytes) {}

    /**
     * Exports a checkpoint into a new directory.
     *
     * @param checkpoint path of a completed checkpoint or savepoint
     * @param parent of the new directory
     * @param name of the new directory begins with it
     * @throws UnsupportedStateException if the checkpoint holds what cannot be copied; the message
     *     says what to change
     * @throws IOException if something cannot be read or written; nothing is left behind then
     */
    public static Exported export(String checkpoint, String parent, String name)
            throws IOException {
        CheckpointMetadata metadata = load(checkpoint);
        Path directory =
                new Path(parent, name + "-" + UUID.randomUUID().toString().substring(0, 8));
        FileSystem files = directory.getFileSystem();
        if (files.exists(directory) || !files.mkdirs(directory)) {
            throw new IOException("Cannot make directory %s.".formatted(directory));
        }
        CheckpointExport export = new CheckpointExport(files, directory);
        try {
            export.write(export.rewritten(metadata));
        } catch (Throwable e) {
            export.removeAfter(e);
            throw e;
        }
        return new Exported(directory.makeQualified(files).toString(), export.bytes);
    }

    /**
     * Requires that a checkpoint holds nothing that cannot be copied; copies nothing.
     *
     * @param checkpoint path of a completed checkpoint or savepoint
     * @throws UnsupportedStateException if it does; the message says what to change
     * @throws IOException if its metadata cannot be read
     */
    static void requireExportable(String checkpoint) throws IOException {
        for (OperatorState operator : load(checkpoint).getOperatorStates()) {
            for (OperatorSubtaskState state : operator.getStates()) {
                requireExportable(operator, state);
            }
        }
    }

    private static void requireExportable(OperatorState operator, OperatorSubtaskState state)
            throws UnsupportedStateException {
        if (!state.getInputChannelState().isEmpty()
                || !state.getUpstreamOutputBufferState().isEmpty()
                || !state.getResultSubpartitionState().isEmpty()) {
            throw new UnsupportedStateException(
                    "Operator %s has records in flight in this unaligned checkpoint, which cannot be exported. Set execution.checkpointing.unaligned.enabled: false, leave out the export, or stop the job with a savepoint."
                            .formatted(nameOf(operator)));
        }
        Optional<KeyedStateHandle> unknown =
                Stream.of(state.getManagedKeyedState(), state.getRawKeyedState())
                        .flatMap(Collection::stream)
                        .filter(handle -> !isExportable(handle))
                        .findFirst();
        if (unknown.isPresent()) {
            throw new UnsupportedStateException(
                    "Operator %s has keyed state of type %s, which cannot be exported. Set state.changelog.enabled: false if that is on, leave out the export, or stop the job with a savepoint."
                            .formatted(nameOf(operator), unknown.get().getClass().getSimpleName()));
        }
    }

    private static String nameOf(OperatorState operator) {
        return operator.getOperatorName().orElse(operator.getOperatorID().toString());
    }

    private static boolean isExportable(KeyedStateHandle handle) {
        return handle instanceof KeyGroupsStateHandle
                || handle instanceof IncrementalRemoteKeyedStateHandle;
    }

    private static CheckpointMetadata load(String checkpoint) throws IOException {
        CompletedCheckpointStorageLocation location =
                AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(checkpoint);
        try (DataInputStream in =
                new DataInputStream(location.getMetadataHandle().openInputStream())) {
            return Checkpoints.loadCheckpointMetadata(
                    in, CheckpointExport.class.getClassLoader(), location.getExternalPointer());
        }
    }

    private void removeAfter(Throwable failure) {
        try {
            files.delete(directory, true);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** The metadata come last: without them nobody takes the directory for a checkpoint. */
    private void write(CheckpointMetadata metadata) throws IOException {
        Path file = new Path(directory, AbstractFsCheckpointStorageAccess.METADATA_FILE_NAME);
        try (FSDataOutputStream out = files.create(file, WriteMode.NO_OVERWRITE)) {
            Checkpoints.storeCheckpointMetadata(metadata, out);
        }
    }

    private CheckpointMetadata rewritten(CheckpointMetadata metadata) throws IOException {
        List<OperatorState> operators = new ArrayList<>();
        for (OperatorState operator : metadata.getOperatorStates()) {
            operators.add(rewritten(operator));
        }
        return new CheckpointMetadata(
                metadata.getCheckpointId(),
                operators,
                metadata.getMasterStates(),
                metadata.getCheckpointProperties());
    }

    private OperatorState rewritten(OperatorState operator) throws IOException {
        if (operator.isFullyFinished()) {
            return operator;
        }
        OperatorState result =
                new OperatorState(
                        operator.getOperatorName().orElse(null),
                        operator.getOperatorUid().orElse(null),
                        operator.getOperatorID(),
                        operator.getParallelism(),
                        operator.getMaxParallelism());
        result.setCoordinatorState(operator.getCoordinatorState());
        for (Map.Entry<Integer, OperatorSubtaskState> subtask :
                operator.getSubtaskStates().entrySet()) {
            OperatorSubtaskState state = subtask.getValue();
            result.putState(
                    subtask.getKey(), state.isFinished() ? state : rewritten(operator, state));
        }
        return result;
    }

    private OperatorSubtaskState rewritten(OperatorState operator, OperatorSubtaskState state)
            throws IOException {
        requireExportable(operator, state);
        return OperatorSubtaskState.builder()
                .setManagedOperatorState(operatorStates(state.getManagedOperatorState()))
                .setRawOperatorState(operatorStates(state.getRawOperatorState()))
                .setManagedKeyedState(each(state.getManagedKeyedState(), this::keyedState))
                .setRawKeyedState(each(state.getRawKeyedState(), this::keyedState))
                .build();
    }

    private interface Rewriting<T> {
        T apply(T handle) throws IOException;
    }

    private static <T extends StateObject> StateObjectCollection<T> each(
            Collection<T> handles, Rewriting<T> rewriting) throws IOException {
        List<T> results = new ArrayList<>();
        for (T handle : handles) {
            results.add(rewriting.apply(handle));
        }
        return new StateObjectCollection<>(results);
    }

    /** Leaves out those that hold nothing but the directory of merged files. */
    private StateObjectCollection<OperatorStateHandle> operatorStates(
            Collection<OperatorStateHandle> handles) throws IOException {
        return each(
                handles.stream()
                        .filter(
                                handle ->
                                        !(handle
                                                instanceof
                                                EmptyFileMergingOperatorStreamStateHandle))
                        .toList(),
                this::operatorState);
    }

    private OperatorStateHandle operatorState(OperatorStateHandle handle) throws IOException {
        return new OperatorStreamStateHandle(
                handle.getStateNameToPartitionOffsets(), copied(handle.getDelegateStateHandle()));
    }

    private KeyedStateHandle keyedState(KeyedStateHandle handle) throws IOException {
        if (handle instanceof KeyGroupsSavepointStateHandle groups) {
            return new KeyGroupsSavepointStateHandle(
                    groups.getGroupRangeOffsets(), copied(groups.getDelegateStateHandle()));
        }
        if (handle instanceof KeyGroupsStateHandle groups) {
            return new KeyGroupsStateHandle(
                    groups.getGroupRangeOffsets(), copied(groups.getDelegateStateHandle()));
        }
        if (handle instanceof IncrementalRemoteKeyedStateHandle increments) {
            return new IncrementalRemoteKeyedStateHandle(
                    increments.getBackendIdentifier(),
                    increments.getKeyGroupRange(),
                    increments.getCheckpointId(),
                    copied(increments.getSharedState()),
                    copied(increments.getPrivateState()),
                    copied(increments.getMetaDataStateHandle()),
                    increments.getCheckpointedSize());
        }
        throw new IllegalStateException("Not exportable: " + handle.getClass());
    }

    private List<HandleAndLocalPath> copied(List<HandleAndLocalPath> handles) throws IOException {
        List<HandleAndLocalPath> results = new ArrayList<>();
        for (HandleAndLocalPath handle : handles) {
            results.add(HandleAndLocalPath.of(copied(handle.getHandle()), handle.getLocalPath()));
        }
        return results;
    }

    private StreamStateHandle copied(StreamStateHandle handle) throws IOException {
        if (handle instanceof ByteStreamStateHandle) {
            return handle;
        }
        StreamStateHandle known = copied.get(handle.getStreamStateHandleID());
        if (known == null) {
            known = copy(handle);
            copied.put(handle.getStreamStateHandleID(), known);
        }
        return known;
    }

    private StreamStateHandle copy(StreamStateHandle handle) throws IOException {
        String name = "state-%05d".formatted(copied.size());
        Path file = new Path(directory, name);
        long size = 0;
        try (FSDataInputStream in = handle.openInputStream();
                FSDataOutputStream out = files.create(file, WriteMode.NO_OVERWRITE)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                size += read;
            }
        }
        bytes += size;
        return new RelativeFileStateHandle(file, name, size);
    }
}
