package io.sluice.state.adaptive;

import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.VersionMismatchException;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;
import org.apache.flink.streaming.api.operators.TimerSerializer;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;

import io.sluice.state.adaptive.KeyedBackends.SnapshotKind;
import io.sluice.state.adaptive.placement.PlacementMode;
import io.sluice.state.adaptive.placement.Tier;
import io.sluice.state.adaptive.store.ModelStates;
import io.sluice.state.adaptive.store.TestMoves;
import io.sluice.state.adaptive.store.TestPlacement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What Flink's backends write, ours reads, and the other way round. */
class SavepointInterchangeTest {

    private static final int MAX_PARALLELISM = 128;
    private static final KeyGroupRange RANGE = KeyGroupRange.of(20, 59);
    private static final List<KeyGroupRange> SPLIT =
            List.of(KeyGroupRange.of(20, 32), KeyGroupRange.of(33, 33), KeyGroupRange.of(34, 59));
    private static final int KEYS = 40;
    private static final List<String> NAMESPACES = List.of("", "a", "ab");

    @TempDir Path directory;

    private final KeyedBackends.Time time = new KeyedBackends.Time();
    private KeyedBackends backends;

    /** A backend of Flink. */
    enum Stock {
        HEAP,
        ROCKSDB
    }

    /** Ours. */
    enum Ours {
        ON_HEAP(TestPlacement.ALL_HEAP),
        ON_DISK(TestPlacement.ALL_DISK),
        ALTERNATING(TestPlacement.ALTERNATING),
        HALF_MOVED(TestPlacement.ALTERNATING);

        final TestPlacement placement;

        Ours(TestPlacement placement) {
            this.placement = placement;
        }
    }

    static Stream<Arguments> pairs() {
        return Arrays.stream(Ours.values())
                .flatMap(
                        ours ->
                                Arrays.stream(Stock.values())
                                        .flatMap(
                                                stock ->
                                                        Stream.of(false, true)
                                                                .map(
                                                                        ttl ->
                                                                                Arguments.of(
                                                                                        ours, stock,
                                                                                        ttl))));
    }

    static Stream<Arguments> oursWithAndWithoutTimeToLive() {
        return Arrays.stream(Ours.values())
                .flatMap(ours -> Stream.of(Arguments.of(ours, false), Arguments.of(ours, true)));
    }

    static Stream<Arguments> stockWithAndWithoutTimeToLive() {
        return Arrays.stream(Stock.values())
                .flatMap(stock -> Stream.of(Arguments.of(stock, false), Arguments.of(stock, true)));
    }

    @BeforeEach
    void setUp() throws Exception {
        backends = new KeyedBackends(directory, time, 0);
    }

    @AfterEach
    void tearDown() throws Exception {
        backends.close();
        assertThat(backends.filesOnDisk()).isEmpty();
    }

    // --- canonical savepoints --------------------------------------------------------------------

    @ParameterizedTest(name = "{0} to {1}, time to live: {2}")
    @MethodSource("pairs")
    void stockRestoresOurCanonicalSavepoint(Ours ours, Stock stock, boolean timeToLive)
            throws Exception {
        ModelStates states = states(timeToLive);
        AbstractKeyedStateBackend<String> source = open(backend(ours), RANGE, List.of());
        fill(source, states, ours);
        Map<String, Object> written = contents(source, states);

        List<KeyedStateHandle> savepoint =
                backends.snapshot(source, SnapshotKind.CANONICAL_SAVEPOINT, 1);
        close(source);

        assertThat(restoredContents(backend(stock), List.of(RANGE), savepoint, states))
                .isEqualTo(written);
        assertThat(restoredContents(backend(stock), SPLIT, savepoint, states)).isEqualTo(written);
    }

    @ParameterizedTest(name = "{0}, time to live: {1}")
    @MethodSource("stockWithAndWithoutTimeToLive")
    void oursRestoresCanonicalSavepointOfStock(Stock stock, boolean timeToLive) throws Exception {
        ModelStates states = states(timeToLive);
        AbstractKeyedStateBackend<String> source = open(backend(stock), RANGE, List.of());
        fill(source, states, null);
        Map<String, Object> written = contents(source, states);

        List<KeyedStateHandle> savepoint =
                backends.snapshot(source, SnapshotKind.CANONICAL_SAVEPOINT, 1);
        close(source);

        assertRestoredAndMovable(
                backend(Ours.ALTERNATING), List.of(RANGE), savepoint, states, written);
        assertRestoredAndMovable(backend(Ours.ALTERNATING), SPLIT, savepoint, states, written);
    }

    // --- native checkpoints ----------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Ours.class)
    void stockRocksDbRefusesOurCheckpoint(Ours ours) throws Exception {
        List<KeyedStateHandle> checkpoint = checkpointOf(ours);

        assertThatThrownBy(() -> open(backends.rocksdb(), RANGE, checkpoint))
                .satisfies(
                        e ->
                                assertThat(
                                                ExceptionUtils.findThrowable(
                                                        e, VersionMismatchException.class))
                                        .isPresent());
    }

    @ParameterizedTest
    @EnumSource(Ours.class)
    void stockHeapRefusesOurCheckpoint(Ours ours) throws Exception {
        List<KeyedStateHandle> checkpoint = checkpointOf(ours);

        assertThatThrownBy(() -> open(backends.heap(), RANGE, checkpoint))
                .hasStackTraceContaining("Unexpected state handle type");
    }

    private List<KeyedStateHandle> checkpointOf(Ours ours) throws Exception {
        AbstractKeyedStateBackend<String> source = open(backend(ours), RANGE, List.of());
        fill(source, states(false), ours);
        List<KeyedStateHandle> checkpoint = backends.snapshot(source, SnapshotKind.CHECKPOINT, 1);
        close(source);
        return checkpoint;
    }

    @ParameterizedTest(name = "{0}, time to live: {1}")
    @MethodSource("oursWithAndWithoutTimeToLive")
    void oursRestoresItsOwnCheckpoint(Ours ours, boolean timeToLive) throws Exception {
        ModelStates states = states(timeToLive);
        AbstractKeyedStateBackend<String> source = open(backend(ours), RANGE, List.of());
        fill(source, states, ours);
        Map<String, Object> written = contents(source, states);

        List<KeyedStateHandle> checkpoint = backends.snapshot(source, SnapshotKind.CHECKPOINT, 1);
        close(source);

        assertRestoredAndMovable(backend(ours), List.of(RANGE), checkpoint, states, written);
        assertRestoredAndMovable(backend(ours), SPLIT, checkpoint, states, written);
    }

    @ParameterizedTest(name = "{0}, time to live: {1}")
    @MethodSource("stockWithAndWithoutTimeToLive")
    void oursRestoresCheckpointOfStock(Stock stock, boolean timeToLive) throws Exception {
        ModelStates states = states(timeToLive);
        AbstractKeyedStateBackend<String> source = open(backend(stock), RANGE, List.of());
        fill(source, states, null);
        Map<String, Object> written = contents(source, states);

        List<KeyedStateHandle> checkpoint = backends.snapshot(source, SnapshotKind.CHECKPOINT, 1);
        close(source);

        assertRestoredAndMovable(
                backend(Ours.ALTERNATING), List.of(RANGE), checkpoint, states, written);
        assertRestoredAndMovable(backend(Ours.ALTERNATING), SPLIT, checkpoint, states, written);
    }

    // --- states that the job asks for late -------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Stock.class)
    void stateThatIsRegisteredAfterAMoveIsWhereItWasRestored(Stock stock) throws Exception {
        ModelStates states = states(false);
        AbstractKeyedStateBackend<String> source = open(backend(stock), RANGE, List.of());
        fill(source, states, null);
        Map<String, Object> written = contents(source, states);
        List<KeyedStateHandle> checkpoint = backends.snapshot(source, SnapshotKind.CHECKPOINT, 1);
        close(source);

        AbstractKeyedStateBackend<String> restored =
                open(backends.adaptive(TestPlacement.ALL_HEAP), RANGE, checkpoint);
        TestMoves.moveAll(restored, elsewhere(stock));
        List<KeyedStateHandle> moved = backends.snapshot(restored, SnapshotKind.FULL_CHECKPOINT, 2);

        assertThat(contents(restored, states)).isEqualTo(written);
        close(restored);
        assertThat(
                        restoredContents(
                                backends.adaptive(TestPlacement.ALL_HEAP), SPLIT, moved, states))
                .isEqualTo(written);
    }

    static Stream<Arguments> stockAndPinnedModes() {
        return Stream.of(Stock.values())
                .flatMap(
                        stock ->
                                Stream.of(PlacementMode.PIN_HEAP, PlacementMode.PIN_DISK)
                                        .map(mode -> Arguments.of(stock, mode)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("stockAndPinnedModes")
    void pinnedStateIsFoundWhereItWasRestored(Stock stock, PlacementMode mode) throws Exception {
        ModelStates states = states(false);
        AbstractKeyedStateBackend<String> source = open(backend(stock), RANGE, List.of());
        fill(source, states, null);
        Map<String, Object> written = contents(source, states);
        List<KeyedStateHandle> checkpoint = backends.snapshot(source, SnapshotKind.CHECKPOINT, 1);
        close(source);
        Configuration configuration = new Configuration();
        configuration.set(AdaptiveStateOptions.MODE, mode);
        StateBackend pinned =
                new AdaptiveStateBackend().configure(configuration, getClass().getClassLoader());

        AbstractKeyedStateBackend<String> restored = open(pinned, RANGE, checkpoint);
        List<KeyedStateHandle> again = backends.snapshot(restored, SnapshotKind.FULL_CHECKPOINT, 2);

        assertThat(contents(restored, states)).isEqualTo(written);
        close(restored);
        assertThat(restoredContents(pinned, SPLIT, again, states)).isEqualTo(written);
    }

    private static Tier elsewhere(Stock stock) {
        return switch (stock) {
            case HEAP -> Tier.DISK;
            case ROCKSDB -> Tier.HEAP;
        };
    }

    // ---------------------------------------------------------------------------------------------

    private static ModelStates states(boolean timeToLive) {
        return ModelStates.create(
                timeToLive ? StateTtlConfig.newBuilder(ModelStates.TIME_TO_LIVE).build() : null);
    }

    private StateBackend backend(Stock stock) {
        return switch (stock) {
            case HEAP -> backends.heap();
            case ROCKSDB -> backends.rocksdb();
        };
    }

    private StateBackend backend(Ours ours) {
        return backends.adaptive(ours.placement);
    }

    private AbstractKeyedStateBackend<String> open(
            StateBackend backend, KeyGroupRange range, List<KeyedStateHandle> handles)
            throws Exception {
        return backends.open(backend, StringSerializer.INSTANCE, MAX_PARALLELISM, range, handles);
    }

    private static void close(AbstractKeyedStateBackend<String> backend) throws Exception {
        backend.close();
        backend.dispose();
    }

    private static List<String> keys() {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> "k".repeat(i % 3) + i)
                .filter(
                        key ->
                                RANGE.contains(
                                        KeyGroupRangeAssignment.assignToKeyGroup(
                                                key, MAX_PARALLELISM)))
                .limit(KEYS)
                .toList();
    }

    private static <S extends State> S state(
            AbstractKeyedStateBackend<String> backend,
            StateDescriptor<S, ?> descriptor,
            String namespace)
            throws Exception {
        return backend.getPartitionedState(namespace, StringSerializer.INSTANCE, descriptor);
    }

    private static KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<String, String>> timers(
            AbstractKeyedStateBackend<String> backend) {
        return backend.create(
                "timers",
                new TimerSerializer<>(StringSerializer.INSTANCE, StringSerializer.INSTANCE));
    }

    /** Entries that are live and entries that have expired, if they ever do. */
    private void fill(
            AbstractKeyedStateBackend<String> backend, ModelStates states, @Nullable Ours ours)
            throws Exception {
        KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<String, String>> timers =
                timers(backend);
        int i = 0;
        for (String key : keys()) {
            backend.setCurrentKey(key);
            for (String namespace : NAMESPACES) {
                fill(backend, states, namespace, i);
                timers.add(new TimerHeapInternalTimer<>(i++, key, namespace));
            }
            if (i == KEYS / 2 * NAMESPACES.size()) {
                time.advance(ModelStates.TIME_TO_LIVE.toMillis() + 1);
            }
        }
        if (ours == Ours.HALF_MOVED) {
            TestMoves.leaveHalfMoved(backend, new Random(17));
        }
    }

    private static void fill(
            AbstractKeyedStateBackend<String> backend, ModelStates states, String namespace, int i)
            throws Exception {
        if (i % 4 != 0) {
            state(backend, states.value(), namespace).update("value " + i);
        }
        if (i % 5 != 0) {
            state(backend, states.list(), namespace).update(List.of("first", "second " + i));
            state(backend, states.list(), namespace).add("third");
        }
        for (int userKey = 0; userKey < i % 7; userKey++) {
            String value = userKey == 3 ? null : "mapped " + i;
            putOrNull(backend, states, namespace, "u" + userKey, value);
        }
        if (i % 3 != 0) {
            state(backend, states.reducing(), namespace).add((long) i);
            state(backend, states.aggregating(), namespace).add((long) -i);
        }
    }

    @SuppressWarnings("NullAway") // Map state takes null values.
    private static void putOrNull(
            AbstractKeyedStateBackend<String> backend,
            ModelStates states,
            String namespace,
            String userKey,
            @Nullable String value)
            throws Exception {
        state(backend, states.map(), namespace).put(userKey, value);
    }

    private static Map<String, Object> contents(
            AbstractKeyedStateBackend<String> backend, ModelStates states) throws Exception {
        Map<String, Object> contents = new TreeMap<>();
        for (StateDescriptor<?, ?> descriptor : states.all()) {
            state(backend, descriptor, "");
            List<Tuple2<String, String>> entries;
            try (Stream<Tuple2<String, String>> stream =
                    backend.getKeysAndNamespaces(descriptor.getName())) {
                entries = stream.toList();
            }
            for (Tuple2<String, String> entry : entries) {
                backend.setCurrentKey(entry.f0);
                Object content = ModelStates.contents(state(backend, descriptor, entry.f1));
                if (content != null) {
                    contents.put(descriptor.getName() + entry, content);
                }
            }
        }
        return contents;
    }

    private static Map<String, Object> contentsAndTimers(
            AbstractKeyedStateBackend<String> backend, ModelStates states) throws Exception {
        Map<String, Object> contents = contents(backend, states);
        try (CloseableIterator<TimerHeapInternalTimer<String, String>> iterator =
                timers(backend).iterator()) {
            iterator.forEachRemaining(timer -> contents.put(timer.toString(), true));
        }
        return contents;
    }

    /** The contents of all subtasks, except for the timers, of which it checks the number. */
    private Map<String, Object> restoredContents(
            StateBackend backend,
            List<KeyGroupRange> ranges,
            List<KeyedStateHandle> handles,
            ModelStates states)
            throws Exception {
        Map<String, Object> all = new TreeMap<>();
        for (KeyGroupRange range : ranges) {
            AbstractKeyedStateBackend<String> restored = open(backend, range, handles);
            all.putAll(contentsAndTimers(restored, states));
            close(restored);
        }
        return withoutTimers(all);
    }

    private static Map<String, Object> withoutTimers(Map<String, Object> contents) {
        Map<String, Object> others = new TreeMap<>(contents);
        others.keySet().removeIf(name -> name.startsWith("Timer"));
        assertThat(contents).hasSize(others.size() + KEYS * NAMESPACES.size());
        return others;
    }

    /** And that all of it can be moved up and down, and no timer stays on disk. */
    private void assertRestoredAndMovable(
            StateBackend backend,
            List<KeyGroupRange> ranges,
            List<KeyedStateHandle> handles,
            ModelStates states,
            Map<String, Object> written)
            throws Exception {
        Map<String, Object> restored = new TreeMap<>();
        Map<String, Object> afterMoves = new TreeMap<>();
        List<Integer> rowsOnDisk = new ArrayList<>();
        for (KeyGroupRange range : ranges) {
            AbstractKeyedStateBackend<String> subtask = open(backend, range, handles);
            restored.putAll(contentsAndTimers(subtask, states));
            TestMoves.leaveHalfMoved(subtask, new Random(18));
            TestMoves.moveAll(subtask, Tier.DISK);
            TestMoves.moveAll(subtask, Tier.HEAP);
            // Makes RocksDB write the removals of timers that it keeps in a batch.
            backends.snapshot(subtask, SnapshotKind.CHECKPOINT, 2);
            rowsOnDisk.add(TestMoves.disk(subtask).numKeyValueStateEntries());
            afterMoves.putAll(contents(subtask, states));
            close(subtask);
        }
        assertThat(withoutTimers(restored)).isEqualTo(written);
        assertThat(afterMoves).isEqualTo(written);
        assertThat(rowsOnDisk).containsOnly(0);
    }
}
