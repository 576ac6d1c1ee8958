package io.sluice.benchmarks.state;

import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

import io.sluice.benchmarks.backend.OpenBackend;
import org.openjdk.jmh.annotations.Benchmark;

/** On a sum. */
public class ReducingOperations extends KeyedOperations {

    private ReducingState<Long> state;

    @SuppressWarnings("NullAway") // JMH has it registered first.
    public ReducingOperations() {}

    @Override
    void register(OpenBackend from) throws Exception {
        state =
                from.state(
                        new ReducingStateDescriptor<>(STATE, Long::sum, LongSerializer.INSTANCE));
    }

    @Override
    void fill() throws Exception {
        state.add(value());
    }

    @Override
    void clear() {
        state.clear();
    }

    @Benchmark
    public Long get() throws Exception {
        toKnownKey();
        return state.get();
    }

    @Benchmark
    public void add() throws Exception {
        toKnownKey();
        state.add(value());
    }
}
