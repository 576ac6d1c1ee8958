package io.sluice.benchmarks.state;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingState;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

import io.sluice.benchmarks.backend.OpenBackend;
import org.openjdk.jmh.annotations.Benchmark;

/** On a sum whose result is another number. */
public class AggregatingOperations extends KeyedOperations {

    private AggregatingState<Long, Long> state;

    @SuppressWarnings("NullAway") // JMH has it registered first.
    public AggregatingOperations() {}

    private static final class DoubledSum implements AggregateFunction<Long, Long, Long> {

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
        public Long getResult(Long accumulator) {
            return 2 * accumulator;
        }

        @Override
        public Long merge(Long one, Long other) {
            return one + other;
        }
    }

    @Override
    void register(OpenBackend from) throws Exception {
        state =
                from.state(
                        new AggregatingStateDescriptor<>(
                                STATE, new DoubledSum(), LongSerializer.INSTANCE));
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
