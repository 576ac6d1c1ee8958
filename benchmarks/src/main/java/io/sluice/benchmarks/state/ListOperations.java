package io.sluice.benchmarks.state;

import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

import io.sluice.benchmarks.backend.OpenBackend;
import org.openjdk.jmh.annotations.Benchmark;

import java.util.List;

/** On lists of five {@link Long}s. */
public class ListOperations extends KeyedOperations {

    private ListState<Long> state;

    @SuppressWarnings("NullAway") // JMH has it registered first.
    public ListOperations() {}

    @Override
    void register(OpenBackend from) throws Exception {
        state = from.state(new ListStateDescriptor<>(STATE, LongSerializer.INSTANCE));
    }

    @Override
    void fill() throws Exception {
        long value = value();
        state.update(List.of(value, value + 1, value + 2, value + 3, value + 4));
    }

    @Override
    void clear() {
        state.clear();
    }

    /** Reads all elements. */
    @Benchmark
    public long get() throws Exception {
        toKnownKey();
        long sum = 0;
        for (long element : state.get()) {
            sum += element;
        }
        return sum;
    }

    /** Appends an element. */
    @Benchmark
    public void add() throws Exception {
        toKnownKey();
        state.add(value());
        entryGrew();
    }

    /** Replaces the list. */
    @Benchmark
    public void update() throws Exception {
        toKnownKey();
        fill();
    }
}
