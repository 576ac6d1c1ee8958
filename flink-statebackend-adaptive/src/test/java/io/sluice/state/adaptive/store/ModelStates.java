package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One state of each type, and what is in them. */
public record ModelStates(
        ValueStateDescriptor<String> value,
        ListStateDescriptor<String> list,
        MapStateDescriptor<String, String> map,
        ReducingStateDescriptor<Long> reducing,
        AggregatingStateDescriptor<Long, Long, String> aggregating) {

    /** How long entries live where they do. */
    public static final Duration TIME_TO_LIVE = Duration.ofMillis(100);

    /** States, whose serializers fail on command. */
    public static ModelStates create(@Nullable StateTtlConfig timeToLive) {
        ModelStates states =
                new ModelStates(
                        new ValueStateDescriptor<>("value", new Fragile.Strings()),
                        new ListStateDescriptor<>("list", new Fragile.Strings()),
                        new MapStateDescriptor<>(
                                "map", new Fragile.Strings(), new Fragile.Strings()),
                        new ReducingStateDescriptor<>("reducing", Long::sum, new Fragile.Longs()),
                        new AggregatingStateDescriptor<>(
                                "aggregating", new Total(), new Fragile.Longs()));
        if (timeToLive != null) {
            states.all().forEach(state -> state.enableTimeToLive(timeToLive));
        }
        return states;
    }

    public List<StateDescriptor<?, ?>> all() {
        return List.of(value, list, map, reducing, aggregating);
    }

    /** Everything that {@code state} has for the current key and namespace; null for nothing. */
    public static @Nullable Object contents(State state) throws Exception {
        if (state instanceof ValueState<?> value) {
            return value.value();
        }
        if (state instanceof MapState<?, ?> map) {
            return contentsOf(map);
        }
        if (state instanceof ListState<?> list) {
            return elements(list.get());
        }
        if (state instanceof ReducingState<?> reducing) {
            return reducing.get();
        }
        return ((AggregatingState<?, ?>) state).get();
    }

    private static @Nullable List<Object> elements(@Nullable Iterable<?> iterable) {
        List<Object> elements = new ArrayList<>();
        if (iterable != null) {
            iterable.forEach(elements::add);
        }
        return elements.isEmpty() ? null : elements;
    }

    private static <UK, UV> @Nullable Map<UK, UV> contentsOf(MapState<UK, UV> map)
            throws Exception {
        Map<UK, UV> contents = new HashMap<>();
        for (Map.Entry<UK, UV> entry : map.entries()) {
            if (contents.containsKey(entry.getKey())) {
                throw new AssertionError("Twice in a map: " + entry.getKey());
            }
            contents.put(entry.getKey(), entry.getValue());
        }
        return contents.isEmpty() ? null : contents;
    }

    /** A sum, printed. */
    private static final class Total implements AggregateFunction<Long, Long, String> {

        private static final long serialVersionUID = 1L;

        @Override
        public Long createAccumulator() {
            return 0L;
        }

        @Override
        public Long add(Long value, Long accumulator) {
            return accumulator + value;
        }

        @Override
        public String getResult(Long accumulator) {
            return "total " + accumulator;
        }

        @Override
        public Long merge(Long a, Long b) {
            return a + b;
        }
    }
}
