package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.streaming.api.operators.TimerHeapInternalTimer;
import org.apache.flink.streaming.api.operators.TimerSerializer;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.IOUtils;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A subtask twice: with Flink's heap backend and with ours. Everything is done to both, and must
 * come to the same.
 */
final class ModelSubtask<K, N> {

    final KeyGroupRange range;
    final AbstractKeyedStateBackend<K> expected;
    final AdaptiveKeyedStateBackend<K> actual;

    private final TypeSerializer<K> keySerializer;
    private final TypeSerializer<N> namespaceSerializer;
    private final CloseableRegistry cancelRegistry;
    private final Map<String, StateDescriptor<?, ?>> used = new LinkedHashMap<>();
    private final Map<
                    AbstractKeyedStateBackend<K>,
                    KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<K, N>>>
            timers = new HashMap<>();
    private @Nullable K currentKey;

    /** Something done to a state, and what came of it. */
    @FunctionalInterface
    interface Operation<S> {
        @Nullable Object apply(S state) throws Exception;
    }

    ModelSubtask(
            KeyGroupRange range,
            AbstractKeyedStateBackend<K> expected,
            AdaptiveKeyedStateBackend<K> actual,
            TypeSerializer<K> keySerializer,
            TypeSerializer<N> namespaceSerializer,
            CloseableRegistry cancelRegistry) {
        this.range = range;
        this.expected = expected;
        this.actual = actual;
        this.keySerializer = keySerializer;
        this.namespaceSerializer = namespaceSerializer;
        this.cancelRegistry = cancelRegistry;
    }

    /** Does {@code operation} to the entry of a key and namespace, and compares the entry. */
    <S extends State> void run(
            StateDescriptor<S, ?> descriptor, K key, N namespace, Operation<? super S> operation)
            throws Exception {
        if (!key.equals(currentKey)) {
            expected.setCurrentKey(key);
            actual.setCurrentKey(key);
            currentKey = key;
        }
        used.put(descriptor.getName(), descriptor);
        Object expectedResult = operation.apply(state(expected, descriptor, namespace));
        Object actualResult = operation.apply(state(actual, descriptor, namespace));
        assertThat(actualResult).as("result").isEqualTo(expectedResult);
        assertThat(ModelStates.contents(state(actual, descriptor, namespace)))
                .as("entry")
                .isEqualTo(ModelStates.contents(state(expected, descriptor, namespace)));
    }

    /** Makes the next access set the key again. */
    void forgetKey() {
        currentKey = null;
    }

    private <S extends State> S state(
            AbstractKeyedStateBackend<K> backend, StateDescriptor<S, ?> descriptor, N namespace)
            throws Exception {
        return backend.getPartitionedState(namespace, namespaceSerializer, descriptor);
    }

    <S extends State> void applyToAllKeys(
            StateDescriptor<S, ?> descriptor, N namespace, Operation<? super S> operation)
            throws Exception {
        used.put(descriptor.getName(), descriptor);
        assertThat(applyToAllKeys(actual, descriptor, namespace, operation))
                .as("keys that a function was applied to")
                .isEqualTo(applyToAllKeys(expected, descriptor, namespace, operation));
        forgetKey();
    }

    private <S extends State> Map<K, Object> applyToAllKeys(
            AbstractKeyedStateBackend<K> backend,
            StateDescriptor<S, ?> descriptor,
            N namespace,
            Operation<? super S> operation)
            throws Exception {
        state(backend, descriptor, namespace);
        Map<K, Object> results = new HashMap<>();
        Set<K> seen = new HashSet<>();
        backend.applyToAllKeys(
                namespace,
                namespaceSerializer,
                descriptor,
                (key, state) -> {
                    assertThat(seen.add(key)).as("first time of key " + key).isTrue();
                    Object before = ModelStates.contents(state);
                    if (before != null) {
                        results.put(key, Arrays.asList(before, operation.apply(state)));
                    }
                });
        return results;
    }

    // --- timers ----------------------------------------------------------------------------------

    /** Does {@code operation} to the queues of both. */
    void runOnTimers(
            Operation<KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<K, N>>> operation)
            throws Exception {
        assertThat(operation.apply(timers(actual)))
                .as("result")
                .isEqualTo(operation.apply(timers(expected)));
    }

    private KeyGroupedInternalPriorityQueue<TimerHeapInternalTimer<K, N>> timers(
            AbstractKeyedStateBackend<K> backend) {
        return timers.computeIfAbsent(
                backend,
                owner ->
                        owner.create(
                                "timers",
                                new TimerSerializer<>(keySerializer, namespaceSerializer)));
    }

    private Set<String> allTimers(AbstractKeyedStateBackend<K> backend) throws Exception {
        Set<String> all = new TreeSet<>();
        try (CloseableIterator<TimerHeapInternalTimer<K, N>> iterator =
                timers(backend).iterator()) {
            iterator.forEachRemaining(timer -> assertThat(all.add(timer.toString())).isTrue());
        }
        return all;
    }

    // --- all -------------------------------------------------------------------------------------

    /** Compares everything in the states that were used since this subtask started. */
    void compareUsed(boolean withTimeToLive) throws Exception {
        compare(List.copyOf(used.values()), withTimeToLive);
        if (!timers.isEmpty()) {
            assertThat(allTimers(actual)).as("timers").isEqualTo(allTimers(expected));
        }
    }

    void compareAll(List<StateDescriptor<?, ?>> descriptors, boolean withTimeToLive)
            throws Exception {
        descriptors.forEach(descriptor -> used.put(descriptor.getName(), descriptor));
        timers(expected);
        compareUsed(withTimeToLive);
    }

    private void compare(List<StateDescriptor<?, ?>> descriptors, boolean withTimeToLive)
            throws Exception {
        for (StateDescriptor<?, ?> descriptor : descriptors) {
            String name = descriptor.getName();
            Map<Tuple2<K, N>, Object> inModel = allContents(expected, descriptor);
            Map<Tuple2<K, N>, Object> inOurs = allContents(actual, descriptor);
            assertThat(inOurs).as("contents of state " + name).isEqualTo(inModel);
            if (!withTimeToLive && !(descriptor instanceof MapStateDescriptor)) {
                assertThat(keysAndNamespaces(actual, name))
                        .as("keys of state " + name)
                        .isEqualTo(keysAndNamespaces(expected, name));
            }
        }
        forgetKey();
    }

    private Map<Tuple2<K, N>, Object> allContents(
            AbstractKeyedStateBackend<K> backend, StateDescriptor<?, ?> descriptor)
            throws Exception {
        String name = descriptor.getName();
        if (backend.getKeyGroupRange().getNumberOfKeyGroups() > 0) {
            backend.getOrCreateKeyedState(namespaceSerializer, descriptor);
        }
        Set<Tuple2<K, N>> entries = keysAndNamespaces(backend, name);
        Map<N, Set<K>> keysByNamespace =
                entries.stream()
                        .collect(
                                Collectors.groupingBy(
                                        entry -> entry.f1,
                                        Collectors.mapping(entry -> entry.f0, Collectors.toSet())));
        for (Map.Entry<N, Set<K>> keys : keysByNamespace.entrySet()) {
            assertThat(list(backend.getKeys(name, keys.getKey())))
                    .containsExactlyInAnyOrderElementsOf(keys.getValue());
            assertThat(list(backend.getKeys(List.of(name), keys.getKey())))
                    .containsExactlyInAnyOrderElementsOf(keys.getValue());
        }
        Map<Tuple2<K, N>, Object> contents = new HashMap<>();
        for (Tuple2<K, N> entry : entries) {
            backend.setCurrentKey(entry.f0);
            Object content =
                    ModelStates.contents(
                            backend.getPartitionedState(entry.f1, namespaceSerializer, descriptor));
            if (content != null) {
                contents.put(
                        entry, content instanceof List<?> some ? new ArrayList<>(some) : content);
            }
        }
        return contents;
    }

    private Set<Tuple2<K, N>> keysAndNamespaces(AbstractKeyedStateBackend<K> backend, String name) {
        List<Tuple2<K, N>> entries = list(backend.getKeysAndNamespaces(name));
        Set<Tuple2<K, N>> once = new HashSet<>(entries);
        assertThat(entries).as("keys of state " + name).hasSameSizeAs(once);
        return once;
    }

    private static <T> List<T> list(Stream<T> stream) {
        try (stream) {
            return stream.filter(Objects::nonNull).toList();
        }
    }

    CloseableRegistry cancelRegistry() {
        return cancelRegistry;
    }

    void dispose() {
        IOUtils.closeQuietly(cancelRegistry);
        IOUtils.closeQuietly(expected);
        expected.dispose();
        IOUtils.closeQuietly(actual);
        actual.dispose();
    }
}
