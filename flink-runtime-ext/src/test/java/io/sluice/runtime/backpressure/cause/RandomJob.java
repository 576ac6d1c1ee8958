package io.sluice.runtime.backpressure.cause;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.connector.source.util.ratelimit.GuavaRateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimitedSourceReader;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A job of four to eight vertices, of which some are slow on purpose. Each is one operator, but for
 * sources, which are two.
 *
 * <p>Its sources are the limit if no operator is slow: they send only so many records a second. All
 * else follows from the seed.
 */
final class RandomJob {

    private static final int RECORD_BYTES = 400;
    private static final double SOURCE_RECORDS_PER_SECOND = 3_000;
    private static final double MOST_RECORDS_PER_SECOND = 8_000;
    private static final double LEAST_RECORDS_PER_SECOND = 1_000;
    private static final TypeInformation<Tuple2<Long, byte[]>> RECORD =
            Types.TUPLE(Types.LONG, Types.PRIMITIVE_ARRAY(Types.BYTE));

    /** How records get from a subtask to those of the next vertex. */
    private enum Exchange {
        FORWARD,
        REBALANCE,
        KEY_BY;

        DataStream<Tuple2<Long, byte[]>> of(DataStream<Tuple2<Long, byte[]>> stream) {
            return switch (this) {
                case FORWARD -> stream.forward();
                case REBALANCE -> stream.rebalance();
                case KEY_BY -> stream.keyBy(record -> record.f0 % 997, Types.LONG);
            };
        }
    }

    private record Input(Operator producer, Exchange exchange) {}

    private record Operator(
            String name,
            int parallelism,
            List<Input> inputs,
            boolean union,
            int sentForTwo,
            double recordsPerSecond) {

        @Override
        public String toString() {
            String from =
                    inputs.stream()
                            .map(input -> input.producer().name() + " " + input.exchange())
                            .collect(Collectors.joining(union ? " union " : " connect "));
            return "%s x%d <- [%s] %.0f/s, sends %d for 2"
                    .formatted(name, parallelism, from, recordsPerSecond, sentForTwo);
        }

        double sentPerSecond() {
            return recordsPerSecond * sentForTwo / 2;
        }
    }

    private final long seed;
    private final boolean spins;
    private final List<Operator> operators = new ArrayList<>();
    private final List<String> slow = new ArrayList<>();
    private final List<Double> loads = new ArrayList<>();

    RandomJob(long seed, int slowOperators) {
        this.seed = seed;
        this.spins = seed % 2 == 1;
        Random random = new Random(seed * 31 + slowOperators);
        int sources = 1 + random.nextInt(2);
        int count = Math.max(4 + random.nextInt(5), sources + slowOperators + 1);
        for (int i = 0; i < count; i++) {
            operators.add(i < sources ? source(i, random) : operator(i, random));
        }
        List<Operator> candidates = new ArrayList<>(operators.subList(sources, count));
        for (int i = 0; i < slowOperators; i++) {
            slow.add(candidates.remove(random.nextInt(candidates.size())).name());
            loads.add(3 + 4 * random.nextDouble());
        }
    }

    private static Operator source(int index, Random random) {
        int parallelism = 1 + random.nextInt(3);
        return new Operator(
                "op" + index, parallelism, List.of(), false, 2, SOURCE_RECORDS_PER_SECOND);
    }

    private Operator operator(int index, Random random) {
        int parallelism = 1 + random.nextInt(3);
        List<Operator> producers = new ArrayList<>(operators);
        List<Input> inputs = new ArrayList<>();
        int count = Math.min(producers.size(), random.nextInt(3) == 0 ? 2 : 1);
        double recordsPerSecond = 0;
        for (int i = 0; i < count; i++) {
            int back = 1 + random.nextInt(Math.min(3, producers.size()));
            Operator producer = producers.remove(producers.size() - back);
            Exchange exchange = Exchange.values()[random.nextInt(3)];
            if (exchange == Exchange.FORWARD && producer.parallelism() != parallelism) {
                exchange = Exchange.REBALANCE;
            }
            inputs.add(new Input(producer, exchange));
            recordsPerSecond += producer.sentPerSecond();
        }
        int sentForTwo = List.of(1, 2, 2, 2, 3).get(random.nextInt(5));
        double sent = recordsPerSecond * sentForTwo / 2;
        if (sent > MOST_RECORDS_PER_SECOND) {
            sentForTwo = 1;
        } else if (sent < LEAST_RECORDS_PER_SECOND) {
            sentForTwo = 2;
        }
        return new Operator(
                "op" + index,
                parallelism,
                inputs,
                random.nextBoolean(),
                sentForTwo,
                recordsPerSecond);
    }

    /** Returns the names of the slow ones; those of their vertices begin with it. */
    List<String> slow() {
        return slow;
    }

    StreamExecutionEnvironment program() {
        StreamExecutionEnvironment environment = environment();
        List<DataStream<Tuple2<Long, byte[]>>> streams = new ArrayList<>();
        for (Operator operator : operators) {
            streams.add(
                    operator.inputs().isEmpty()
                            ? source(
                                    environment,
                                    operator.name(),
                                    operator.parallelism(),
                                    SOURCE_RECORDS_PER_SECOND)
                            : stream(operator, streams));
        }
        return environment;
    }

    private DataStream<Tuple2<Long, byte[]>> stream(
            Operator operator, List<DataStream<Tuple2<Long, byte[]>>> streams) {
        List<DataStream<Tuple2<Long, byte[]>>> inputs = new ArrayList<>();
        for (Input input : operator.inputs()) {
            int index = operators.indexOf(input.producer());
            inputs.add(input.exchange().of(streams.get(index)));
        }
        Work work = new Work(cost(operator), operator.sentForTwo());
        if (inputs.size() == 1) {
            return operator(inputs.get(0), operator.name(), operator.parallelism(), work);
        }
        return operator.union()
                ? operator(
                        inputs.get(0).union(inputs.get(1)),
                        operator.name(),
                        operator.parallelism(),
                        work)
                : inputs.get(0)
                        .connect(inputs.get(1))
                        .flatMap(work, RECORD)
                        .name(operator.name())
                        .setParallelism(operator.parallelism());
    }

    private Work.Cost cost(Operator operator) {
        int index = slow.indexOf(operator.name());
        if (index < 0) {
            return Work.none();
        }
        long nanos =
                (long)
                        (loads.get(index)
                                * operator.parallelism()
                                / operator.recordsPerSecond()
                                * 1e9);
        return spins ? Work.spin(nanos) : Work.park(nanos);
    }

    static StreamExecutionEnvironment environment() {
        return new StreamExecutionEnvironment(new Configuration());
    }

    /** Numbers from 0 on, in records large enough to fill buffers soon. */
    static DataStream<Tuple2<Long, byte[]>> source(
            StreamExecutionEnvironment environment,
            String name,
            int parallelism,
            double recordsPerSecond) {
        return environment
                .fromSource(
                        new LimitedSequence(recordsPerSecond),
                        WatermarkStrategy.noWatermarks(),
                        name)
                .setParallelism(parallelism)
                .map(new Payload(), RECORD)
                .setParallelism(parallelism);
    }

    static SingleOutputStreamOperator<Tuple2<Long, byte[]>> operator(
            DataStream<Tuple2<Long, byte[]>> input, String name, int parallelism, Work work) {
        return input.flatMap(work, RECORD).name(name).setParallelism(parallelism).startNewChain();
    }

    private static final class LimitedSequence extends NumberSequenceSource {

        private static final long serialVersionUID = 1;

        private final double recordsPerSecond;

        LimitedSequence(double recordsPerSecond) {
            super(0, Long.MAX_VALUE - 1);
            this.recordsPerSecond = recordsPerSecond;
        }

        @Override
        public SourceReader<Long, NumberSequenceSplit> createReader(SourceReaderContext context) {
            return new RateLimitedSourceReader<>(
                    super.createReader(context),
                    new GuavaRateLimiter<NumberSequenceSplit>(
                            recordsPerSecond / context.currentParallelism()));
        }
    }

    private static final class Payload implements MapFunction<Long, Tuple2<Long, byte[]>> {

        private static final long serialVersionUID = 1;

        private final byte[] bytes = new byte[RECORD_BYTES];

        @Override
        public Tuple2<Long, byte[]> map(Long number) {
            return Tuple2.of(number, bytes);
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "seed %d, slow by %s: %s, %s times as slow as their records come, of %s",
                seed,
                spins ? "spinning" : "parking",
                slow,
                loads,
                operators);
    }
}
