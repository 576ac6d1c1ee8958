package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.internal.InternalMergingState;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;

import io.sluice.state.adaptive.KeyedBackends;
import io.sluice.state.adaptive.placement.Tier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.Status;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/** One run of the model test: random operations on all subtasks of an operator. */
final class ModelRun<K, N> {

    private static final int KEYS = 9;
    private static final int USER_KEYS = 8;
    private static final int LARGE = 1_200;
    private static final int HISTORY = 60;

    private final ModelSettings settings;
    private final Random random;
    private final KeyedBackends.Time time;
    private final KeyedBackends expectedBackends;
    private final KeyedBackends actualBackends;
    private final StateBackend expectedBackend;
    private final StateBackend actualBackend;
    private final List<K> keys;
    private final List<N> namespaces;
    private final TypeSerializer<K> keySerializer;
    private final TypeSerializer<N> namespaceSerializer;
    private final ModelStates states;
    private final ModelSnapshots<K, N> snapshots;
    private final Deque<String> history = new ArrayDeque<>();

    private List<ModelSubtask<K, N>> subtasks = List.of();

    ModelRun(
            ModelSettings settings,
            Random random,
            Path directory,
            KeyedBackends.Time time,
            List<K> candidates,
            TypeSerializer<K> keySerializer,
            List<N> namespaces,
            TypeSerializer<N> namespaceSerializer)
            throws Exception {
        this.settings = settings;
        this.random = random;
        this.time = time;
        this.expectedBackends =
                new KeyedBackends(directory.resolve("expected"), time, settings.inlineBytes());
        this.actualBackends =
                new KeyedBackends(directory.resolve("actual"), time, settings.inlineBytes());
        this.expectedBackend = expectedBackends.heap();
        this.actualBackend = actualBackends.adaptive(settings.placement());
        this.keys =
                candidates.stream()
                        .filter(key -> settings.range().contains(groupOf(key)))
                        .limit(KEYS)
                        .toList();
        this.keySerializer = keySerializer;
        this.namespaces = namespaces;
        this.namespaceSerializer = namespaceSerializer;
        this.states = ModelStates.create(settings.timeToLive());
        this.snapshots = new ModelSnapshots<>(expectedBackends, actualBackends, random);
    }

    private int groupOf(K key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, settings.maxParallelism());
    }

    void run() throws Exception {
        int step = 0;
        try {
            start(new ModelSnapshots.Snapshot(List.of(), List.of(), false), 1 + random.nextInt(2));
            for (; step < settings.operations(); step++) {
                step();
            }
            compareAll();
            subtasks.forEach(ModelSubtask::dispose);
            snapshots.discardAll();
            assertThat(actualBackends.filesOnDisk()).as("files of RocksDB").isEmpty();
            assertThat(actualBackends.filesOfSnapshots()).as("files of snapshots").isEmpty();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    settings
                            + "\nstep "
                            + step
                            + " of "
                            + String.join("\n        ", history)
                            + "\n"
                            + e.getMessage(),
                    e);
        } finally {
            expectedBackends.close();
            actualBackends.close();
        }
    }

    private void note(String what) {
        history.add(what);
        if (history.size() > HISTORY) {
            history.remove();
        }
    }

    private void step() throws Exception {
        if (random.nextInt(100) < 45) {
            move();
        }
        int choice = random.nextInt(1000);
        if (choice < 850) {
            stateOperation();
        } else if (choice < 880) {
            timers();
        } else if (choice < 900) {
            applyToAllKeys();
        } else if (choice < 915) {
            note("compare");
            for (ModelSubtask<K, N> subtask : subtasks) {
                subtask.compareUsed(settings.timeToLive() != null);
            }
        } else if (choice < 930) {
            long millis = random.nextInt(60);
            note("time + " + millis);
            time.advance(millis);
        } else if (choice < 955) {
            note("snapshot " + snapshots.start(subtasks));
        } else if (choice < 985) {
            note("snapshot " + snapshots.finishOne(subtasks));
        } else {
            restore();
        }
    }

    // --- moves -----------------------------------------------------------------------------------

    private void move() throws Exception {
        ModelSubtask<K, N> subtask = subtasks.get(random.nextInt(subtasks.size()));
        AdaptiveKeyedStateBackend<K> backend = subtask.actual;
        int keyGroup =
                random.nextInt(3) == 0
                        ? subtask.range.getKeyGroupId(
                                random.nextInt(subtask.range.getNumberOfKeyGroups()))
                        : groupOf(keyOf(subtask));
        if (!subtask.range.contains(keyGroup)) {
            return;
        }
        int choice = random.nextInt(10);
        if (choice < 5) {
            Tier tier = random.nextBoolean() ? Tier.HEAP : Tier.DISK;
            note("move " + keyGroup + " to " + tier);
            backend.requestMove(keyGroup, tier);
        } else if (choice == 5) {
            note("stop " + keyGroup);
            backend.moves().stop(keyGroup);
        }
        int rows = random.nextInt(6) == 0 ? 500 : 1 + random.nextInt(4);
        Slice slice = new Slice(System.nanoTime() + 60_000_000_000L, rows);
        long failedBefore = backend.moves().failedMoves();
        if (settings.failingMoves() && random.nextInt(4) == 0) {
            runFailing(backend, slice);
        } else {
            KeyGroupMoves.Progress progress = backend.runSlice(slice);
            note("slice of " + rows + ": " + progress + " after " + slice.rows());
            assertThat(backend.moves().failedMoves())
                    .as(() -> "failed moves: " + backend.moves().lastFailure())
                    .isEqualTo(failedBefore);
        }
        if (backend.moves().failedMoves() > failedBefore) {
            note("failed: " + backend.moves().lastFailure());
            subtask.compareUsed(settings.timeToLive() != null);
            clearSomeOfFailedGroups(backend);
        }
    }

    /** A slice whose serializers or writes to RocksDB fail from some call on. */
    private void runFailing(AdaptiveKeyedStateBackend<K> backend, Slice slice) {
        if (random.nextBoolean()) {
            Fragile.failingAfter(random.nextInt(30), () -> backend.runSlice(slice));
            return;
        }
        Status.Code code = random.nextBoolean() ? Status.Code.IOError : Status.Code.Incomplete;
        int writesLeft = random.nextInt(3);
        FailingWrites writes = new FailingWrites(writesLeft, code);
        backend.moveOptions().writeBy(writes);
        long failedBefore = backend.moves().failedMoves();
        try {
            KeyGroupMoves.Progress progress = backend.runSlice(slice);
            note(code + " after " + writesLeft + " writes: " + progress);
            long failed = backend.moves().failedMoves() - failedBefore;
            if (code == Status.Code.Incomplete) {
                assertThat(failed).as("failed moves").isZero();
                // It also waits while an earlier failure backs off.
                assertThat(!writes.failed() || progress == KeyGroupMoves.Progress.WAITING)
                        .as("wait after a refused write")
                        .isTrue();
            } else {
                assertThat(failed > 0).as("failed move").isEqualTo(writes.failed());
            }
        } finally {
            backend.moveOptions().writeBy(RocksDB::write);
        }
    }

    /** An entry that a failed move left in both tiers would show when it is cleared in one. */
    private void clearSomeOfFailedGroups(AdaptiveKeyedStateBackend<K> backend) throws Exception {
        for (K key : keys) {
            if (!backend.getKeyGroupRange().contains(groupOf(key))
                    || !backend.moves().hasFailed(groupOf(key))) {
                continue;
            }
            for (N namespace : namespaces) {
                for (StateDescriptor<?, ?> descriptor : states.all()) {
                    if (random.nextInt(3) == 0) {
                        run("clear", key, namespace, descriptor, state -> done(state::clear));
                    }
                }
            }
        }
    }

    // --- operations ------------------------------------------------------------------------------

    private K keyOf(ModelSubtask<K, N> subtask) {
        for (int i = 0; i < 2 * KEYS; i++) {
            K key = keys.get(random.nextInt(keys.size()));
            if (subtask.range.contains(groupOf(key))) {
                return key;
            }
        }
        return keys.get(0);
    }

    private ModelSubtask<K, N> subtaskOf(K key) {
        return subtasks.stream()
                .filter(subtask -> subtask.range.contains(groupOf(key)))
                .findFirst()
                .orElseThrow();
    }

    private N namespace() {
        return namespaces.get(random.nextInt(namespaces.size()));
    }

    private String text() {
        return "v" + random.nextInt(1000);
    }

    private String userKey() {
        int i = random.nextInt(USER_KEYS);
        return i == 0 ? "" : "u".repeat(i % 3) + i;
    }

    private @Nullable String mapValue() {
        return random.nextInt(4) == 0 ? null : text();
    }

    private Map<String, @Nullable String> mapValues() {
        Map<String, @Nullable String> values = new HashMap<>();
        boolean large = settings.largeEntries() && random.nextInt(6) == 0;
        int size = large ? LARGE : 1 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            values.put(large ? "large" + i : userKey(), mapValue());
        }
        return values;
    }

    private List<String> listValues() {
        List<String> values = new ArrayList<>();
        boolean large = settings.largeEntries() && random.nextInt(6) == 0;
        int size = large ? LARGE : 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            values.add(text());
        }
        return values;
    }

    private <S extends State> void run(
            String what,
            StateDescriptor<S, ?> descriptor,
            ModelSubtask.Operation<? super S> operation)
            throws Exception {
        run(what, keys.get(random.nextInt(keys.size())), namespace(), descriptor, operation);
    }

    private <S extends State> void run(
            String what,
            K key,
            N namespace,
            StateDescriptor<S, ?> descriptor,
            ModelSubtask.Operation<? super S> operation)
            throws Exception {
        note(
                descriptor.getName()
                        + "["
                        + key
                        + " of "
                        + groupOf(key)
                        + ", "
                        + namespace
                        + "] "
                        + what);
        ModelSubtask<K, N> subtask = subtaskOf(key);
        if (random.nextInt(4) == 0) {
            subtask.forgetKey();
        }
        subtask.run(descriptor, key, namespace, operation);
    }

    private void stateOperation() throws Exception {
        int choice = random.nextInt(10);
        if (choice < 2) {
            valueOperation();
        } else if (choice < 4) {
            listOperation();
        } else if (choice < 8) {
            mapOperation();
        } else if (choice < 9) {
            reducingOperation();
        } else {
            aggregatingOperation();
        }
    }

    private void valueOperation() throws Exception {
        switch (random.nextInt(5)) {
            case 0 -> run("value", states.value(), state -> state.value());
            case 1 -> run("clear", states.value(), state -> done(state::clear));
            case 2 -> run("update null", states.value(), state -> done(() -> state.update(null)));
            default -> {
                String value = text();
                run("update " + value, states.value(), state -> done(() -> state.update(value)));
            }
        }
    }

    private void listOperation() throws Exception {
        switch (random.nextInt(9)) {
            case 0 -> run("get", states.list(), ModelStates::contents);
            case 1 -> run("clear", states.list(), state -> done(state::clear));
            case 2 -> merge(states.list());
            case 3 ->
                    run(
                            "update empty",
                            states.list(),
                            state -> done(() -> state.update(new ArrayList<>())));
            case 4 -> {
                List<String> values = listValues();
                run(
                        "update of " + values.size(),
                        states.list(),
                        state -> done(() -> state.update(new ArrayList<>(values))));
            }
            case 5 -> {
                List<String> values = listValues();
                run(
                        "addAll of " + values.size(),
                        states.list(),
                        state -> done(() -> state.addAll(new ArrayList<>(values))));
            }
            default -> {
                String value = text();
                run("add " + value, states.list(), state -> done(() -> state.add(value)));
            }
        }
    }

    private void mapOperation() throws Exception {
        String userKey = userKey();
        String value = mapValue();
        int salt = random.nextInt();
        switch (random.nextInt(14)) {
            case 0 -> run("get " + userKey, states.map(), state -> state.get(userKey));
            case 1 -> run("contains " + userKey, states.map(), state -> state.contains(userKey));
            case 2 -> run("isEmpty", states.map(), MapState::isEmpty);
            case 3, 4 ->
                    run(
                            "remove " + userKey,
                            states.map(),
                            state -> done(() -> state.remove(userKey)));
            case 5, 6, 7 -> {
                Map<String, @Nullable String> values = mapValues();
                run(
                        "putAll of " + values.size(),
                        states.map(),
                        state -> done(() -> state.putAll(values)));
            }
            case 8 ->
                    run(
                            "keys, some removed",
                            states.map(),
                            state -> iterate(state.keys().iterator(), salt));
            case 9 ->
                    run(
                            "entries, some removed or set",
                            states.map(),
                            state -> iterateEntries(state.entries().iterator(), salt));
            case 10 ->
                    run(
                            "iterator, some removed or set",
                            states.map(),
                            state -> iterateEntries(state.iterator(), salt));
            case 11 -> run("values", states.map(), state -> sorted(state.values()));
            case 12 -> run("clear", states.map(), state -> done(state::clear));
            default ->
                    run(
                            "put " + userKey + " " + value,
                            states.map(),
                            state -> done(() -> state.put(userKey, value)));
        }
    }

    private static List<String> sorted(Iterable<String> values) {
        List<String> sorted = new ArrayList<>();
        values.forEach(value -> sorted.add(String.valueOf(value)));
        sorted.sort(null);
        return sorted;
    }

    private static boolean chosen(Object element, int salt, int oneIn) {
        return Math.floorMod(element.hashCode() * 31 ^ salt, oneIn) == 0;
    }

    private static Set<String> iterate(Iterator<String> userKeys, int salt) {
        Set<String> seen = new TreeSet<>();
        while (userKeys.hasNext()) {
            String userKey = userKeys.next();
            assertThat(seen.add(userKey)).as("first time of " + userKey).isTrue();
            if (chosen(userKey, salt, 3)) {
                userKeys.remove();
            }
        }
        return seen;
    }

    private static Set<String> iterateEntries(
            Iterator<Map.Entry<String, String>> entries, int salt) {
        Set<String> seen = new TreeSet<>();
        while (entries.hasNext()) {
            Map.Entry<String, String> entry = entries.next();
            assertThat(seen.add(entry.getKey() + "=" + entry.getValue())).isTrue();
            if (chosen(entry.getKey(), salt, 3)) {
                entries.remove();
            } else if (chosen(entry.getKey(), salt + 1, 3)) {
                entry.setValue("set " + salt);
            }
        }
        return seen;
    }

    private void reducingOperation() throws Exception {
        long value = random.nextInt(100);
        switch (random.nextInt(6)) {
            case 0 -> run("get", states.reducing(), state -> state.get());
            case 1 -> run("clear", states.reducing(), state -> done(state::clear));
            case 2 -> merge(states.reducing());
            default ->
                    run("add " + value, states.reducing(), state -> done(() -> state.add(value)));
        }
    }

    private void aggregatingOperation() throws Exception {
        long value = random.nextInt(100);
        switch (random.nextInt(6)) {
            case 0 -> run("get", states.aggregating(), state -> state.get());
            case 1 -> run("clear", states.aggregating(), state -> done(state::clear));
            case 2 -> merge(states.aggregating());
            default ->
                    run(
                            "add " + value,
                            states.aggregating(),
                            state -> done(() -> state.add(value)));
        }
    }

    private void merge(StateDescriptor<? extends State, ?> descriptor) throws Exception {
        List<N> shuffled = new ArrayList<>(namespaces);
        Collections.shuffle(shuffled, random);
        N target = shuffled.get(0);
        List<N> sources = shuffled.subList(1, 1 + random.nextInt(3));
        run(
                "merge " + sources + " to " + target,
                descriptor,
                state -> done(() -> mergeNamespaces(state, target, sources)));
    }

    @SuppressWarnings("unchecked")
    private static <N> void mergeNamespaces(State state, N target, List<N> sources)
            throws Exception {
        ((InternalMergingState<?, N, ?, ?, ?>) state).mergeNamespaces(target, sources);
    }

    private void applyToAllKeys() throws Exception {
        ModelSubtask<K, N> subtask = subtasks.get(random.nextInt(subtasks.size()));
        N namespace = namespace();
        int salt = random.nextInt();
        note("apply to all keys in " + namespace);
        switch (random.nextInt(4)) {
            case 0 ->
                    subtask.applyToAllKeys(
                            states.value(),
                            namespace,
                            state ->
                                    done(
                                            () -> {
                                                String value = state.value();
                                                state.update(
                                                        chosen(value, salt, 3)
                                                                ? null
                                                                : value + "+");
                                            }));
            case 1 ->
                    subtask.applyToAllKeys(
                            states.list(), namespace, state -> done(() -> state.add("applied")));
            case 2 ->
                    subtask.applyToAllKeys(
                            states.map(),
                            namespace,
                            state -> iterateEntries(state.iterator(), salt));
            default ->
                    subtask.applyToAllKeys(
                            states.reducing(), namespace, state -> done(() -> state.add(1L)));
        }
    }

    private interface Change {
        void apply() throws Exception;
    }

    private static @Nullable Object done(Change change) throws Exception {
        change.apply();
        return null;
    }

    // --- timers ----------------------------------------------------------------------------------

    private void timers() throws Exception {
        K key = keys.get(random.nextInt(keys.size()));
        N namespace = namespaces.get(random.nextInt(namespaces.size()));
        // No two timers at the same time: which of them comes first is not defined.
        long timestamp =
                (random.nextInt(5) * KEYS + keys.indexOf(key)) * 10L
                        + namespaces.indexOf(namespace);
        ModelSubtask<K, N> subtask = subtaskOf(key);
        int choice = random.nextInt(6);
        note("timer " + timestamp + ", " + key + ", " + namespace + ": " + choice);
        subtask.runOnTimers(
                queue -> {
                    TimerHeapInternalTimer<K, N> timer =
                            new TimerHeapInternalTimer<>(timestamp, key, namespace);
                    return switch (choice) {
                        case 0 -> String.valueOf(queue.poll());
                        case 1 -> queue.remove(timer);
                        case 2 -> String.valueOf(queue.peek());
                        default -> queue.add(timer);
                    };
                });
    }

    // --- restores --------------------------------------------------------------------------------

    private void compareAll() throws Exception {
        note("compare all");
        for (ModelSubtask<K, N> subtask : subtasks) {
            subtask.compareAll(states.all(), settings.timeToLive() != null);
        }
    }

    private void restore() throws Exception {
        subtasks.forEach(ModelSubtask::dispose);
        ModelSnapshots.Snapshot snapshot = snapshots.toRestore();
        int parallelism = 1 + random.nextInt(Math.min(3, settings.range().getNumberOfKeyGroups()));
        note("restore " + snapshot + " for " + parallelism);
        start(snapshot, parallelism);
        if (random.nextInt(3) == 0) {
            compareAll();
        }
    }

    private void start(ModelSnapshots.Snapshot snapshot, int parallelism) throws Exception {
        List<ModelSubtask<K, N>> started = new ArrayList<>();
        int first = settings.range().getStartKeyGroup();
        for (int i = 0; i < parallelism; i++) {
            int left = settings.range().getEndKeyGroup() - first + 1;
            int subtasksAfter = parallelism - i - 1;
            int groups = subtasksAfter == 0 ? left : 1 + random.nextInt(left - subtasksAfter);
            started.add(subtask(KeyGroupRange.of(first, first + groups - 1), snapshot));
            first += groups;
            subtasks = List.copyOf(started);
        }
    }

    private ModelSubtask<K, N> subtask(KeyGroupRange range, ModelSnapshots.Snapshot snapshot)
            throws Exception {
        CloseableRegistry cancelRegistry = new CloseableRegistry();
        List<KeyedStateHandle> expected = snapshot.expected();
        List<KeyedStateHandle> actual = snapshot.actual();
        return new ModelSubtask<>(
                range,
                expectedBackends.open(
                        expectedBackend,
                        keySerializer,
                        settings.maxParallelism(),
                        range,
                        expected,
                        cancelRegistry),
                (AdaptiveKeyedStateBackend<K>)
                        actualBackends.open(
                                actualBackend,
                                keySerializer,
                                settings.maxParallelism(),
                                range,
                                actual,
                                cancelRegistry),
                keySerializer,
                namespaceSerializer,
                cancelRegistry);
    }
}
