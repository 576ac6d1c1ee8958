package io.sluice.examples.nexmark;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

import org.jspecify.annotations.Nullable;

/**
 * The highest bid of every auction: one line {@code auction,bids,price,bidder} per auction.
 *
 * <pre>
 * bin/flink run examples/nexmark.jar --events 1000000 --output /tmp/highest-bids
 * </pre>
 *
 * <p><b>Arguments.</b> {@code --output DIR} writes files there, without it the lines go to standard
 * output; {@code --parallelism N}; and every key of {@link NexmarkOptions}, such as {@code
 * --events}, {@code --events-per-second} and {@code --seed}. Without {@code --events} it never
 * ends.
 *
 * <p><b>Result.</b> A line is written once, when the auction has expired in event time, or when the
 * stream ends. {@code bids} counts all bids, {@code price} is the highest in cents, {@code bidder}
 * is who bid it first. An auction without a bid gives {@code auction,0,0,0}.
 *
 * <p><b>Exactly once</b> across failures. A file appears under its final name when a checkpoint
 * completes, or when the stream ends; before, its name starts with a dot. So an endless stream with
 * {@code --output} needs 'execution.checkpointing.interval'. {@link HighestBids} computes the same
 * result without Flink and compares.
 */
public final class HighestBidJob {

    private HighestBidJob() {}

    public static void main(String[] args) throws Exception {
        HighestBidArguments arguments = HighestBidArguments.parse(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        if (arguments.parallelism() != null) {
            env.setParallelism(arguments.parallelism());
        }
        write(highestBids(auctionStream(env, arguments.settings())), arguments.output());
        env.execute("Highest bid per auction");
    }

    static DataStream<NexmarkEvent> auctionStream(
            StreamExecutionEnvironment env, NexmarkSettings settings) {
        return env.fromSource(
                        NexmarkSource.of(settings),
                        WatermarkStrategy.forMonotonousTimestamps(),
                        "Auction stream")
                .uid("auction-stream");
    }

    static DataStream<HighestBid> highestBids(DataStream<NexmarkEvent> events) {
        return events.filter(event -> !(event instanceof Person))
                .name("Auctions and bids")
                .uid("auctions-and-bids")
                .keyBy(HighestBidJob::auctionOf, Types.LONG)
                .process(new HighestBidFunction())
                .name("Highest bid")
                .uid("highest-bid");
    }

    /** Writes the lines to files in {@code directory}, or to standard output if it is null. */
    static void write(DataStream<HighestBid> results, @Nullable Path directory) {
        writeLines(
                results.map(HighestBid::toCsv, Types.STRING).name("To CSV").uid("to-csv"),
                directory);
    }

    /** Writes to files in {@code directory}, or to standard output if it is null. */
    static void writeLines(DataStream<String> lines, @Nullable Path directory) {
        if (directory == null) {
            lines.print().name("Print").uid("print");
        } else {
            lines.sinkTo(csvFiles(directory)).name("Results").uid("results");
        }
    }

    private static FileSink<String> csvFiles(Path directory) {
        return FileSink.forRowFormat(directory, new SimpleStringEncoder<String>("UTF-8"))
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .build();
    }

    static long auctionOf(NexmarkEvent event) {
        if (event instanceof Bid bid) {
            return bid.auction();
        }
        if (event instanceof Auction auction) {
            return auction.id();
        }
        throw new IllegalArgumentException("%s belongs to no auction".formatted(event));
    }
}
