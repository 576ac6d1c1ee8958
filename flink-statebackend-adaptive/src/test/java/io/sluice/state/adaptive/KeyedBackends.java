package io.sluice.state.adaptive;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStorageAccess;
import org.apache.flink.runtime.state.CheckpointStorageLocationReference;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SavepointResources;
import org.apache.flink.runtime.state.SavepointSnapshotStrategy;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.SnapshotStrategyRunner;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.RocksDBOptions;

import io.sluice.state.adaptive.store.TestPlacement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import java.util.stream.Stream;

/**
 * Makes keyed backends of one operator, ours and Flink's, and takes their snapshots. All keep their
 * files below one directory and share one clock for the time to live.
 */
public final class KeyedBackends implements AutoCloseable {

    private final Path diskFiles;
    private final Path checkpointFiles;
    private final MockEnvironment environment;
    private final CheckpointStorageAccess storage;
    private final Time time;

    /** What a snapshot is to be. */
    public enum SnapshotKind {
        CHECKPOINT,
        FULL_CHECKPOINT,
        NATIVE_SAVEPOINT,
        CANONICAL_SAVEPOINT;

        private CheckpointOptions options() {
            SnapshotType type =
                    switch (this) {
                        case CHECKPOINT -> CheckpointType.CHECKPOINT;
                        case FULL_CHECKPOINT -> CheckpointType.FULL_CHECKPOINT;
                        case NATIVE_SAVEPOINT ->
                                SavepointType.savepoint(SavepointFormatType.NATIVE);
                        case CANONICAL_SAVEPOINT ->
                                SavepointType.savepoint(SavepointFormatType.CANONICAL);
                    };
            return new CheckpointOptions(type, CheckpointStorageLocationReference.getDefault());
        }
    }

    /** A clock that tests set. */
    public static final class Time implements TtlTimeProvider {
        private long millis;

        /** Lets time pass. */
        public void advance(long byMillis) {
            millis += byMillis;
        }

        @Override
        public long currentTimestamp() {
            return millis;
        }
    }

    /**
     * @param inlineBytes files of at most this size are part of their handles, as Flink's option
     *     {@code execution.checkpointing.data-inline-threshold} has it
     */
    public KeyedBackends(Path directory, Time time, int inlineBytes) throws IOException {
        this.diskFiles = Files.createDirectories(directory.resolve("rocksdb"));
        this.checkpointFiles = Files.createDirectories(directory.resolve("checkpoints"));
        this.environment = MockEnvironment.builder().build();
        this.time = time;
        JobID job = new JobID();
        this.storage =
                new FileSystemCheckpointStorage(checkpointFiles.toUri(), inlineBytes)
                        .createCheckpointStorage(job);
        storage.initializeBaseLocationsForCheckpoint();
        environment.setCheckpointStorageAccess(storage);
    }

    public StateBackend heap() {
        return configured(new HashMapStateBackend());
    }

    public EmbeddedRocksDBStateBackend rocksdb() {
        return (EmbeddedRocksDBStateBackend) configured(new EmbeddedRocksDBStateBackend());
    }

    /** Ours. */
    public StateBackend adaptive(TestPlacement placement) {
        return configured(new PlacedStateBackend(placement, 42));
    }

    private StateBackend configured(ConfigurableStateBackend backend) {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(RocksDBOptions.LOCAL_DIRECTORIES, diskFiles.toString());
        configuration.set(RocksDBOptions.USE_MANAGED_MEMORY, false);
        return backend.configure(configuration, getClass().getClassLoader());
    }

    public <K> AbstractKeyedStateBackend<K> open(
            StateBackend backend,
            TypeSerializer<K> keySerializer,
            int maxParallelism,
            KeyGroupRange range,
            Collection<KeyedStateHandle> handles)
            throws Exception {
        return open(
                backend, keySerializer, maxParallelism, range, handles, new CloseableRegistry());
    }

    /**
     * Makes a backend, from those parts of {@code handles} that are in its range, as a restore of
     * Flink's JobManager assigns them.
     *
     * @param cancelRegistry closed when the task is cancelled
     */
    public <K> AbstractKeyedStateBackend<K> open(
            StateBackend backend,
            TypeSerializer<K> keySerializer,
            int maxParallelism,
            KeyGroupRange range,
            Collection<KeyedStateHandle> handles,
            CloseableRegistry cancelRegistry)
            throws Exception {
        List<KeyedStateHandle> assigned =
                handles.stream()
                        .flatMap(handle -> Stream.ofNullable(handle.getIntersection(range)))
                        .toList();
        JobID job = new JobID();
        return (AbstractKeyedStateBackend<K>)
                backend.createKeyedStateBackend(
                        new KeyedStateBackendParametersImpl<>(
                                environment,
                                job,
                                "operator",
                                keySerializer,
                                maxParallelism,
                                range,
                                environment.getTaskKvStateRegistry(),
                                time,
                                new UnregisteredMetricsGroup(),
                                assigned,
                                cancelRegistry));
    }

    /** Where the files of a checkpoint go. */
    public CheckpointStreamFactory streams(long checkpointId) throws IOException {
        return storage.resolveCheckpointStorageLocation(
                checkpointId, CheckpointStorageLocationReference.getDefault());
    }

    /** Does the synchronous part of a snapshot. */
    public static RunnableFuture<SnapshotResult<KeyedStateHandle>> start(
            AbstractKeyedStateBackend<?> backend,
            SnapshotKind kind,
            long checkpointId,
            CheckpointStreamFactory streams,
            CloseableRegistry cancelRegistry)
            throws Exception {
        if (kind != SnapshotKind.CANONICAL_SAVEPOINT) {
            return backend.snapshot(checkpointId, checkpointId, streams, kind.options());
        }
        SavepointResources<?> resources = backend.savepoint();
        return new SnapshotStrategyRunner<>(
                        "Savepoint",
                        new SavepointSnapshotStrategy<>(resources.getSnapshotResources()),
                        cancelRegistry,
                        resources.getPreferredSnapshotExecutionType())
                .snapshot(checkpointId, checkpointId, streams, kind.options());
    }

    /** Takes a whole snapshot; empty if there is nothing in it. */
    public List<KeyedStateHandle> snapshot(
            AbstractKeyedStateBackend<?> backend, SnapshotKind kind, long checkpointId)
            throws Exception {
        RunnableFuture<SnapshotResult<KeyedStateHandle>> future =
                start(backend, kind, checkpointId, streams(checkpointId), new CloseableRegistry());
        future.run();
        return handles(future.get());
    }

    public static List<KeyedStateHandle> handles(SnapshotResult<KeyedStateHandle> result) {
        return Stream.ofNullable(result.getJobManagerOwnedSnapshot()).toList();
    }

    /** What is left of RocksDB's files. */
    public List<Path> filesOnDisk() throws IOException {
        return files(diskFiles);
    }

    /** The files of all snapshots that were not discarded. */
    public List<Path> filesOfSnapshots() throws IOException {
        return files(checkpointFiles);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Override
    public void close() throws Exception {
        environment.close();
    }
}
