package io.sluice.benchmarks.state;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

import io.sluice.benchmarks.backend.OpenBackend;
import org.openjdk.jmh.annotations.Benchmark;

import java.io.IOException;

/** On a {@link Long}. */
public class ValueOperations extends KeyedOperations {

    private ValueState<Long> state;

    @SuppressWarnings("NullAway") // JMH has it registered first.
    public ValueOperations() {}

    @Override
    void register(OpenBackend from) throws Exception {
        state = from.state(new ValueStateDescriptor<>(STATE, LongSerializer.INSTANCE));
    }

    @Override
    void fill() throws IOException {
        state.update(value());
    }

    @Override
    void clear() {
        state.clear();
    }

    @Benchmark
    public Long get() throws IOException {
        toKnownKey();
        return state.value();
    }

    @Benchmark
    public void update() throws IOException {
        toKnownKey();
        state.update(value());
    }

    @Benchmark
    public void add() throws IOException {
        toNewKey();
        state.update(value());
    }
}
