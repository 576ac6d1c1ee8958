package io.sluice.examples.backpressure;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Orders that one slow step holds back, while another branch could take more.
 *
 * <pre>
 * Source: Orders -> Parse -> Slow enrichment -> Enriched
 *                         -> Lengths -> Measured
 * </pre>
 *
 * <p><b>Arguments.</b> {@code --time-per-record} (2 ms) is what each order takes in {@code Slow
 * enrichment}, which has two subtasks; {@code --wait} lets it wait for so long, as for another
 * system, instead of working.
 *
 * <p>It never ends and writes nothing. No two steps share a task, so that each is seen by itself.
 */
public final class SlowStepJob {

    public static final String NAME = "Orders with a slow step";

    /** The step that holds back the two before it. */
    public static final String SLOW_STEP = "Slow enrichment";

    private static final int PARALLELISM = 2;
    private static final long CUSTOMERS = 1_000;

    private SlowStepJob() {}

    public static void main(String[] args) throws Exception {
        SlowStepArguments arguments = SlowStepArguments.parse(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.disableOperatorChaining();
        env.setParallelism(PARALLELISM);
        DataStream<Tuple2<Long, String>> orders = orders(env);
        orders.keyBy(order -> order.f0, Types.LONG)
                .map(new SlowEnrichment(arguments.timePerRecord(), arguments.waiting()))
                .name(SLOW_STEP)
                .uid("slow-enrichment")
                .sinkTo(new DiscardedResults<>())
                .name("Enriched")
                .uid("enriched");
        orders.keyBy(order -> order.f0, Types.LONG)
                .map(order -> order.f1.length())
                .name("Lengths")
                .uid("lengths")
                .sinkTo(new DiscardedResults<>())
                .name("Measured")
                .uid("measured");
        env.execute(NAME);
    }

    private static DataStream<Tuple2<Long, String>> orders(StreamExecutionEnvironment env) {
        return env.fromSource(
                        new NumberSequenceSource(0, Long.MAX_VALUE - 1),
                        WatermarkStrategy.noWatermarks(),
                        "Orders")
                .setParallelism(1)
                .uid("orders")
                .rebalance()
                .map(number -> Tuple2.of(number % CUSTOMERS, "Order " + number))
                .returns(Types.TUPLE(Types.LONG, Types.STRING))
                .name("Parse")
                .uid("parse");
    }
}
