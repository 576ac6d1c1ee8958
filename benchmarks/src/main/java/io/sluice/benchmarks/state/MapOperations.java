package io.sluice.benchmarks.state;

import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

import io.sluice.benchmarks.backend.OpenBackend;
import org.openjdk.jmh.annotations.Benchmark;

import java.util.Map;

/** On maps of ten entries, {@link Long} to {@link Long}; there are a tenth as many keys. */
public class MapOperations extends KeyedOperations {

    private static final int USER_KEYS = 10;

    private MapState<Long, Long> state;
    private long userKey;

    @SuppressWarnings("NullAway") // JMH has it registered first.
    public MapOperations() {}

    @Override
    long setUpKeys() {
        return keys / USER_KEYS;
    }

    @Override
    void register(OpenBackend from) throws Exception {
        state =
                from.state(
                        new MapStateDescriptor<>(
                                STATE, LongSerializer.INSTANCE, LongSerializer.INSTANCE));
    }

    @Override
    void fill() throws Exception {
        for (long key = 0; key < USER_KEYS; key++) {
            state.put(key, value());
        }
    }

    @Override
    void clear() {
        state.clear();
    }

    private long userKey() {
        userKey = userKey == USER_KEYS - 1 ? 0 : userKey + 1;
        return userKey;
    }

    @Benchmark
    public Long get() throws Exception {
        toKnownKey();
        return state.get(userKey());
    }

    @Benchmark
    public boolean contains() throws Exception {
        toKnownKey();
        return state.contains(userKey());
    }

    @Benchmark
    public void put() throws Exception {
        toKnownKey();
        state.put(userKey(), value());
    }

    /** Starts a map. */
    @Benchmark
    public void add() throws Exception {
        toNewKey();
        state.put(userKey(), value());
    }

    /** Reads all entries of a map. */
    @Benchmark
    public long iterate() throws Exception {
        toKnownKey();
        long sum = 0;
        for (Map.Entry<Long, Long> entry : state.entries()) {
            sum += entry.getKey() + entry.getValue();
        }
        return sum;
    }
}
