package io.sluice.state.adaptive.job;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReducingState;
import org.apache.flink.api.common.state.ReducingStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A job that counts numbers by key in five ways, each in a state of its own, and fails if they
 * disagree or if a timer comes twice or never.
 */
final class CountingJob {

    /** What the job has told so far: by key, the count with the last record. */
    static final Map<Long, Long> COUNTS = new ConcurrentHashMap<>();

    static final AtomicLong TIMERS = new AtomicLong();
    static final AtomicLong RECORDS = new AtomicLong();

    /** Set to make the job fail at its next record, once. */
    static final AtomicBoolean FAIL = new AtomicBoolean();

    private final long records;
    private final long keys;
    private final double recordsPerSecond;

    CountingJob(long records, long keys, double recordsPerSecond) {
        this.records = records;
        this.keys = keys;
        this.recordsPerSecond = recordsPerSecond;
        COUNTS.clear();
        TIMERS.set(0);
        RECORDS.set(0);
        FAIL.set(false);
    }

    /** The count of a key when all records are counted. */
    long expectedCount(long key) {
        return records / keys + (key < records % keys ? 1 : 0);
    }

    StreamExecutionEnvironment build(Configuration configuration, int parallelism) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        env.setMaxParallelism(32);
        long numberOfKeys = keys;
        env.fromSource(
                        new DataGeneratorSource<>(
                                (Long i) -> i % numberOfKeys,
                                records,
                                RateLimiterStrategy.perSecond(recordsPerSecond),
                                Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .uid("numbers")
                .keyBy(key -> key)
                .process(new Counter())
                .uid("counter")
                .sinkTo(new DiscardingSink<>())
                .uid("nowhere");
        return env;
    }

    private static final class Counter extends KeyedProcessFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;
        private static final long BUCKETS = 8;

        private transient @Nullable States states;

        private record States(
                ValueState<Long> value,
                MapState<Long, Long> byBucket,
                ListState<Long> list,
                ReducingState<Long> reduced,
                ValueState<byte[]> payload) {}

        @Override
        public void open(OpenContext context) {
            states =
                    new States(
                            getRuntimeContext()
                                    .getState(new ValueStateDescriptor<>("value", Types.LONG)),
                            getRuntimeContext()
                                    .getMapState(
                                            new MapStateDescriptor<>(
                                                    "map", Types.LONG, Types.LONG)),
                            getRuntimeContext()
                                    .getListState(new ListStateDescriptor<>("list", Types.LONG)),
                            getRuntimeContext()
                                    .getReducingState(
                                            new ReducingStateDescriptor<>(
                                                    "reduced", Long::sum, Types.LONG)),
                            getRuntimeContext()
                                    .getState(
                                            new ValueStateDescriptor<>(
                                                    "payload",
                                                    PrimitiveArrayTypeInfo
                                                            .BYTE_PRIMITIVE_ARRAY_TYPE_INFO)));
        }

        @Override
        public void processElement(Long key, Context context, Collector<Long> out)
                throws Exception {
            if (FAIL.compareAndSet(true, false)) {
                throw new IllegalStateException("the failure of the test");
            }
            RECORDS.incrementAndGet();
            States s = states();
            Long known = s.value().value();
            long count = known == null ? 1 : known + 1;
            s.value().update(count);
            long bucket = count % BUCKETS;
            Long inBucket = s.byBucket().get(bucket);
            s.byBucket().put(bucket, inBucket == null ? 1 : inBucket + 1);
            s.list().add(count);
            s.reduced().add(1L);
            s.payload().update(new byte[100]);

            check(s, key, count);
            if (count == 1) {
                context.timerService().registerProcessingTimeTimer(Long.MAX_VALUE - 1);
                context.timerService()
                        .registerProcessingTimeTimer(
                                context.timerService().currentProcessingTime() + 100);
            }
            COUNTS.merge(key, count, Math::max);
        }

        private static void check(States s, long key, long count) throws Exception {
            long inMap = 0;
            for (Map.Entry<Long, Long> bucket : s.byBucket().entries()) {
                inMap += bucket.getValue();
            }
            long inList = 0;
            long last = 0;
            for (long element : s.list().get()) {
                inList++;
                if (element <= last) {
                    throw new AssertionError("List of key " + key + " is out of order.");
                }
                last = element;
            }
            Long reduced = s.reduced().get();
            if (inMap != count || inList != count || reduced == null || reduced != count) {
                throw new AssertionError(
                        "Key %d: value %d, map %d, list %d, reduced %d"
                                .formatted(key, count, inMap, inList, reduced));
            }
        }

        @Override
        public void onTimer(long timestamp, OnTimerContext context, Collector<Long> out)
                throws Exception {
            if (states().value().value() == null) {
                throw new AssertionError("A timer came for a key that has no state.");
            }
            TIMERS.incrementAndGet();
        }

        private States states() {
            States current = states;
            if (current == null) {
                throw new IllegalStateException("not open");
            }
            return current;
        }
    }
}
