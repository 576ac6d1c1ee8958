package io.sluice.state.adaptive;

import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import io.sluice.state.adaptive.KeyedBackends.SnapshotKind;
import io.sluice.state.adaptive.placement.Tier;
import io.sluice.state.adaptive.store.TestMoves;
import io.sluice.state.adaptive.store.TestPlacement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of expired entries: on heap, in RocksDB, and while they move. */
class TtlCleanUpTest {

    private static final int MAX_PARALLELISM = 16;
    private static final KeyGroupRange RANGE = KeyGroupRange.of(0, MAX_PARALLELISM - 1);
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);
    private static final int EXPIRED = 200;
    private static final int LIVE = 50;

    @TempDir Path directory;

    private final KeyedBackends.Time time = new KeyedBackends.Time();
    private KeyedBackends backends;

    @SuppressWarnings("NullAway.Init") // Each test opens one first.
    private AbstractKeyedStateBackend<Integer> backend;

    /** Backends that keep everything in RocksDB. */
    enum OnDisk {
        STOCK_ROCKSDB,
        OURS
    }

    @BeforeEach
    void setUp() throws Exception {
        backends = new KeyedBackends(directory, time, 0);
    }

    @AfterEach
    void tearDown() throws Exception {
        close();
        backends.close();
    }

    // --- on heap ---------------------------------------------------------------------------------

    @Test
    void incrementalCleanUpRemovesExpiredEntriesFromTheHeap() throws Exception {
        open(backends.adaptive(TestPlacement.ALL_HEAP), List.of());
        StateDescriptor<ValueState<String>, String> incremental = cleanedUpIncrementally();
        fillWithExpiredAndLive(incremental);

        touchLive(incremental, 10);

        assertThat(backend.numKeyValueStateEntries()).isEqualTo(LIVE);
        assertLive(incremental);
    }

    @Test
    void incrementalCleanUpLeavesWhatIsOnDiskToCompaction() throws Exception {
        open(backends.adaptive(TestPlacement.ALTERNATING), List.of());
        StateDescriptor<ValueState<String>, String> incremental = cleanedUpIncrementally();
        fillWithExpiredAndLive(incremental);
        int onDisk = TestMoves.disk(backend).numKeyValueStateEntries();

        touchLive(incremental, 20);

        assertThat(TestMoves.disk(backend).numKeyValueStateEntries())
                .isEqualTo(onDisk)
                .isGreaterThan(LIVE);
        assertThat(backend.numKeyValueStateEntries() - onDisk).isLessThan(LIVE);
        assertLive(incremental);
    }

    @Test
    void whatIsLeftOnDiskIsCleanedUpAfterItMovedToTheHeap() throws Exception {
        open(backends.adaptive(TestPlacement.ALL_DISK), List.of());
        StateDescriptor<ValueState<String>, String> incremental = cleanedUpIncrementally();
        fillWithExpiredAndLive(incremental);
        TestMoves.moveAll(backend, Tier.HEAP);

        touchLive(incremental, 10);

        assertThat(backend.numKeyValueStateEntries()).isEqualTo(LIVE);
        assertLive(incremental);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void incrementalCleanUpResurrectsNothingThatMovedAway(long seed) throws Exception {
        open(backends.adaptive(TestPlacement.ALTERNATING), List.of());
        StateDescriptor<ValueState<String>, String> incremental = cleanedUpIncrementally();
        fillWithExpiredAndLive(incremental);
        Random random = new Random(seed);

        for (int i = 0; i < 1_000; i++) {
            TestMoves.randomStep(backend, random);
            int key = EXPIRED + random.nextInt(LIVE);
            assertThat(state(incremental, key).value()).isEqualTo("value " + key);
            // Read, an expired entry is removed: removed once, it must stay away.
            int expired = random.nextInt(EXPIRED);
            assertThat(state(incremental, expired).value()).isNull();
        }
        TestMoves.moveAll(backend, Tier.HEAP);
        touchLive(incremental, 10);

        assertThat(TestMoves.disk(backend).numKeyValueStateEntries()).isZero();
        assertThat(backend.numKeyValueStateEntries()).isEqualTo(LIVE);
        assertLive(incremental);
    }

    // --- snapshots -------------------------------------------------------------------------------

    /** Flink's option for it, cleanupFullSnapshot, says that incremental RocksDB ignores it. */
    @ParameterizedTest
    @EnumSource(OnDisk.class)
    void nativeCheckpointKeepsExpiredEntriesOnDisk(OnDisk kind) throws Exception {
        open(onDisk(kind), List.of());
        StateDescriptor<ValueState<String>, String> atSnapshot = cleanedUpAtFullSnapshot();
        fillWithExpiredAndLive(atSnapshot);

        restore(onDisk(kind), SnapshotKind.CHECKPOINT);
        assertLive(atSnapshot);

        assertThat(backend.numKeyValueStateEntries()).isEqualTo(EXPIRED + LIVE);
    }

    @Test
    void nativeCheckpointDropsExpiredEntriesOfTheHeap() throws Exception {
        open(backends.adaptive(TestPlacement.ALL_HEAP), List.of());
        StateDescriptor<ValueState<String>, String> atSnapshot = cleanedUpAtFullSnapshot();
        fillWithExpiredAndLive(atSnapshot);

        restore(backends.adaptive(TestPlacement.ALL_HEAP), SnapshotKind.CHECKPOINT);
        assertLive(atSnapshot);

        assertThat(backend.numKeyValueStateEntries()).isEqualTo(LIVE);
    }

    @ParameterizedTest
    @EnumSource(OnDisk.class)
    void canonicalSavepointDropsExpiredEntriesOnDisk(OnDisk kind) throws Exception {
        open(onDisk(kind), List.of());
        StateDescriptor<ValueState<String>, String> atSnapshot = cleanedUpAtFullSnapshot();
        fillWithExpiredAndLive(atSnapshot);

        restore(onDisk(kind), SnapshotKind.CANONICAL_SAVEPOINT);
        assertLive(atSnapshot);

        assertThat(backend.numKeyValueStateEntries()).isEqualTo(LIVE);
    }

    // --- compaction ------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(OnDisk.class)
    void compactionDropsExpiredEntriesOnDisk(OnDisk kind) throws Exception {
        open(onDisk(kind), List.of());
        StateDescriptor<ValueState<String>, String> compacted = cleanedUpByCompaction();
        fillWithExpiredAndLive(compacted);
        assertThat(backend.numKeyValueStateEntries()).isEqualTo(EXPIRED + LIVE);

        rocksdb(kind).compactState(compacted);

        assertThat(backend.numKeyValueStateEntries()).isEqualTo(LIVE);
        assertLive(compacted);
    }

    @Test
    void compactionDropsExpiredEntriesThatMovedToDisk() throws Exception {
        open(backends.adaptive(TestPlacement.ALL_HEAP), List.of());
        StateDescriptor<ValueState<String>, String> compacted = cleanedUpByCompaction();
        fillWithExpiredAndLive(compacted);
        TestMoves.moveAll(backend, Tier.DISK);

        rocksdb(OnDisk.OURS).compactState(compacted);

        assertThat(backend.numKeyValueStateEntries()).isEqualTo(LIVE);
        assertLive(compacted);
    }

    /** The move must not go on with what it saw before. */
    @Test
    void whatCompactionDroppedInTheMiddleOfAMoveDoesNotReplaceWhatCameAfter() throws Exception {
        open(backends.adaptive(TestPlacement.ALL_DISK), List.of());
        StateDescriptor<ValueState<String>, String> compacted = cleanedUpByCompaction();
        fillWithExpiredAndLive(compacted);
        TestMoves.moveSome(backend, Tier.HEAP, 1);

        rocksdb(OnDisk.OURS).compactState(compacted);
        for (int key = 0; key < EXPIRED; key++) {
            assertThat(state(compacted, key).value()).isNull();
            state(compacted, key).update("new " + key);
        }
        TestMoves.moveAll(backend, Tier.HEAP);

        for (int key = 0; key < EXPIRED; key++) {
            assertThat(state(compacted, key).value()).isEqualTo("new " + key);
        }
        assertLive(compacted);
    }

    // ---------------------------------------------------------------------------------------------

    private static StateDescriptor<ValueState<String>, String> cleanedUpIncrementally() {
        return descriptor(
                StateTtlConfig.newBuilder(TIME_TO_LIVE)
                        .disableCleanupInBackground()
                        .cleanupIncrementally(10, false));
    }

    private static StateDescriptor<ValueState<String>, String> cleanedUpAtFullSnapshot() {
        return descriptor(
                StateTtlConfig.newBuilder(TIME_TO_LIVE)
                        .disableCleanupInBackground()
                        .cleanupFullSnapshot());
    }

    private static StateDescriptor<ValueState<String>, String> cleanedUpByCompaction() {
        return descriptor(
                StateTtlConfig.newBuilder(TIME_TO_LIVE)
                        .disableCleanupInBackground()
                        .cleanupInRocksdbCompactFilter(1));
    }

    private static StateDescriptor<ValueState<String>, String> descriptor(
            StateTtlConfig.Builder timeToLive) {
        ValueStateDescriptor<String> descriptor =
                new ValueStateDescriptor<>("value", StringSerializer.INSTANCE);
        descriptor.enableTimeToLive(timeToLive.build());
        return descriptor;
    }

    private StateBackend onDisk(OnDisk kind) {
        return switch (kind) {
            case STOCK_ROCKSDB -> backends.rocksdb();
            case OURS -> backends.adaptive(TestPlacement.ALL_DISK);
        };
    }

    private RocksDBKeyedStateBackend<?> rocksdb(OnDisk kind) throws Exception {
        return switch (kind) {
            case STOCK_ROCKSDB -> (RocksDBKeyedStateBackend<?>) backend;
            case OURS -> TestMoves.disk(backend);
        };
    }

    private void open(StateBackend kind, List<KeyedStateHandle> handles) throws Exception {
        backend = backends.open(kind, IntSerializer.INSTANCE, MAX_PARALLELISM, RANGE, handles);
    }

    private void close() throws Exception {
        backend.close();
        backend.dispose();
    }

    private void restore(StateBackend kind, SnapshotKind snapshot) throws Exception {
        List<KeyedStateHandle> handles = backends.snapshot(backend, snapshot, 1);
        close();
        open(kind, handles);
    }

    private ValueState<String> state(
            StateDescriptor<ValueState<String>, String> descriptor, int key) throws Exception {
        backend.setCurrentKey(key);
        return backend.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    }

    private void fillWithExpiredAndLive(StateDescriptor<ValueState<String>, String> descriptor)
            throws Exception {
        for (int key = 0; key < EXPIRED; key++) {
            state(descriptor, key).update("value " + key);
        }
        time.advance(TIME_TO_LIVE.toMillis() + 1);
        for (int key = EXPIRED; key < EXPIRED + LIVE; key++) {
            state(descriptor, key).update("value " + key);
        }
    }

    private void touchLive(StateDescriptor<ValueState<String>, String> descriptor, int times)
            throws Exception {
        for (int i = 0; i < times; i++) {
            for (int key = EXPIRED; key < EXPIRED + LIVE; key++) {
                state(descriptor, key).value();
            }
        }
    }

    private void assertLive(StateDescriptor<ValueState<String>, String> descriptor)
            throws Exception {
        for (int key = EXPIRED; key < EXPIRED + LIVE; key++) {
            assertThat(state(descriptor, key).value()).isEqualTo("value " + key);
        }
    }
}
