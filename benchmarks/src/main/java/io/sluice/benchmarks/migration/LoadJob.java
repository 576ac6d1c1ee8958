package io.sluice.benchmarks.migration;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.util.Collector;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A job in this process: a source that keeps a schedule, and an operator that reads and writes 100
 * bytes of value state for each record, with a random one of some keys. One at a time: it is told
 * what to do by static fields, as Flink copies functions.
 *
 * <p>The source first sends each key once. Then each record has a time at which it is due; if the
 * job cannot keep up, records are late, but none is left out.
 */
@SuppressWarnings("deprecation") // Flink's newer sources have no thread to keep a schedule in.
final class LoadJob implements AutoCloseable {

    /** Records a second; 0: as fast as they are taken. */
    private static volatile double rate;

    /** Takes what is recorded; null: nothing is. */
    private static volatile @Nullable Window window;

    private static final AtomicLong PROCESSED = new AtomicLong();

    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(1);
    private static final int MAX_PARALLELISM = 128;
    private static final long END_SECONDS = 60;

    private final int keys;
    private final JobClient client;

    private LoadJob(int keys, JobClient client) {
        this.keys = keys;
        this.client = client;
    }

    /** Starts it in a cluster of its own. */
    static LoadJob start(Configuration config, int keys) throws Exception {
        rate = 0;
        window = null;
        PROCESSED.set(0);
        Configuration own = new Configuration(config);
        own.set(RestOptions.BIND_PORT, "0");
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, own);
        environment.setBufferTimeout(BUFFER_TIMEOUT.toMillis());
        environment.setMaxParallelism(MAX_PARALLELISM);
        TypeInformation<Tuple2<Long, Long>> type =
                TypeInformation.of(new TypeHint<Tuple2<Long, Long>>() {});
        environment
                .addSource(new Schedule(keys), type)
                .keyBy(record -> record.f0, Types.LONG)
                .process(new Touch())
                .sinkTo(new DiscardingSink<>());
        return new LoadJob(keys, environment.executeAsync("load"));
    }

    /** Waits until each key was there. */
    void awaitFilled() throws InterruptedException, ExecutionException {
        while (PROCESSED.get() < keys) {
            requireRunning();
            Thread.sleep(50);
        }
    }

    private void requireRunning() throws InterruptedException, ExecutionException {
        if (client.getJobStatus().get().isTerminalState()) {
            // Throws what it failed with.
            client.getJobExecutionResult().get();
            throw new IllegalStateException("The job ended by itself.");
        }
    }

    /** From now on so many records a second; 0: as fast as they are taken. */
    static void setRate(double recordsASecond) {
        rate = recordsASecond;
    }

    /** Records what happens from now on, until {@link #stop}. */
    static Window record() {
        Window started = new Window();
        window = started;
        return started;
    }

    /** Ends what was recorded. */
    static Window stop(Window started) {
        window = null;
        started.end();
        return started;
    }

    @Override
    public void close() throws Exception {
        // The cluster goes with the job, so afterwards there is nobody to ask.
        CompletableFuture<Boolean> ended =
                client.getJobExecutionResult().handle((result, failure) -> true);
        client.cancel().get(END_SECONDS, TimeUnit.SECONDS);
        ended.get(END_SECONDS, TimeUnit.SECONDS);
    }

    /** Sends a key and the time, of {@link System#nanoTime}, at which it is due. */
    private static final class Schedule implements SourceFunction<Tuple2<Long, Long>> {

        private static final long serialVersionUID = 1L;
        private static final long SEED = 20_260_101;

        private final int keys;
        private volatile boolean running = true;

        Schedule(int keys) {
            this.keys = keys;
        }

        @Override
        public void run(SourceContext<Tuple2<Long, Long>> context) {
            for (long key = 0; key < keys && running; key++) {
                context.collect(Tuple2.of(key, System.nanoTime()));
            }
            SplittableRandom random = new SplittableRandom(SEED);
            double current = -1;
            long origin = 0;
            long sent = 0;
            while (running) {
                double wanted = rate;
                if (wanted != current) {
                    current = wanted;
                    origin = System.nanoTime();
                    sent = 0;
                }
                long due = System.nanoTime();
                if (current > 0) {
                    due = origin + (long) (sent++ * (1e9 / current));
                    long early = due - System.nanoTime();
                    if (early > 0) {
                        LockSupport.parkNanos(early);
                    }
                }
                context.collect(Tuple2.of(random.nextLong(keys), due));
            }
        }

        @Override
        public void cancel() {
            running = false;
        }
    }

    /** Reads the bytes of a key, changes one and writes them. */
    private static final class Touch extends KeyedProcessFunction<Long, Tuple2<Long, Long>, Long> {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings("NullAway.Init") // By open().
        private transient ValueState<byte[]> state;

        private transient long lastNanos;

        @Override
        public void open(OpenContext context) {
            state =
                    getRuntimeContext()
                            .getState(
                                    new ValueStateDescriptor<>(
                                            Rows.STATE, BytePrimitiveArraySerializer.INSTANCE));
        }

        @Override
        public void processElement(Tuple2<Long, Long> record, Context context, Collector<Long> out)
                throws Exception {
            byte[] bytes = state.value();
            if (bytes == null) {
                bytes = new byte[Rows.VALUE_BYTES];
                new SplittableRandom(record.f0).nextBytes(bytes);
            }
            bytes[0]++;
            state.update(bytes);

            long now = System.nanoTime();
            Window current = window;
            if (current != null) {
                current.add(now - record.f1, now - lastNanos);
            }
            lastNanos = now;
            PROCESSED.lazySet(PROCESSED.getPlain() + 1);
        }
    }
}
