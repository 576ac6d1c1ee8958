package io.sluice.benchmarks.fs;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;
import org.apache.flink.util.Collector;

import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A job with much keyed state in one operator and little in another. Fills the state once, then
 * changes a few values a second, so that each checkpoint has something new.
 *
 * <pre>
 * Source: Keys --keyBy--> Values --keyBy--> Counts -> Sink
 * </pre>
 *
 * <p><b>Arguments.</b> How many keys there are, and how many of them change a second. It never
 * ends.
 */
public final class StateJob {

    static final int PARALLELISM = 4;
    static final int VALUE_BYTES = 4096;

    /** Name of the operator with most of the state. */
    static final String VALUES = "Values";

    private static final int GROUPS = 1000;

    private StateJob() {}

    @SuppressWarnings("deprecation") // Flink's newer sources have no thread to keep a pace in.
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(PARALLELISM);
        environment
                .addSource(
                        new Keys(Long.parseLong(args[0]), Integer.parseInt(args[1])),
                        "Keys",
                        Types.LONG)
                .keyBy(key -> key, Types.LONG)
                .process(new Values())
                .name(VALUES)
                .keyBy(key -> key % GROUPS, Types.LONG)
                .process(new Counts())
                .name("Counts")
                .sinkTo(new DiscardingSink<>());
        environment.execute("Much state");
    }

    /** Each key once, then random ones at a pace. Without keys: random numbers at a pace. */
    @SuppressWarnings("deprecation") // See above.
    static final class Keys extends RichParallelSourceFunction<Long> {

        private static final long serialVersionUID = 1L;

        private final long keys;
        private final int changesPerSecond;
        private volatile boolean running = true;

        Keys(long keys, int changesPerSecond) {
            this.keys = keys;
            this.changesPerSecond = changesPerSecond;
        }

        @Override
        public void run(SourceContext<Long> context) {
            int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            int subtasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
            for (long key = subtask; key < keys && running; key += subtasks) {
                send(context, key);
            }
            SplittableRandom random = new SplittableRandom(subtask);
            long pauseNanos = 1_000_000_000L * subtasks / changesPerSecond;
            long due = System.nanoTime();
            while (running) {
                due += pauseNanos;
                LockSupport.parkNanos(due - System.nanoTime());
                send(context, keys == 0 ? random.nextLong() >>> 1 : random.nextLong(keys));
            }
        }

        private static void send(SourceContext<Long> context, long key) {
            synchronized (context.getCheckpointLock()) {
                context.collect(key);
            }
        }

        @Override
        public void cancel() {
            running = false;
        }
    }

    /** A value for each key, new each time, that no compression makes smaller. */
    private static final class Values extends KeyedProcessFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings("NullAway.Init") // By open().
        private transient ValueState<byte[]> state;

        @SuppressWarnings("NullAway.Init") // By open().
        private transient SplittableRandom random;

        @Override
        public void open(OpenContext context) {
            random =
                    new SplittableRandom(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
            state =
                    getRuntimeContext()
                            .getState(
                                    new ValueStateDescriptor<>(
                                            "value", BytePrimitiveArraySerializer.INSTANCE));
        }

        @Override
        public void processElement(Long key, Context context, Collector<Long> out)
                throws Exception {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            state.update(value);
            out.collect(key);
        }
    }

    /** How many changes each group of keys had. */
    private static final class Counts extends KeyedProcessFunction<Long, Long, Long> {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings("NullAway.Init") // By open().
        private transient ValueState<Long> state;

        @Override
        public void open(OpenContext context) {
            state =
                    getRuntimeContext()
                            .getState(new ValueStateDescriptor<>("count", LongSerializer.INSTANCE));
        }

        @Override
        public void processElement(Long key, Context context, Collector<Long> out)
                throws Exception {
            Long count = state.value();
            state.update(count == null ? 1 : count + 1);
            out.collect(key);
        }
    }
}
