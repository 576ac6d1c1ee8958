package io.sluice.examples.nexmark;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Keeps every bid of every auction until the auction closes, then reads them all back: one line
 * {@code auction,bids,price,bidder,digest} per auction. A job whose state grows.
 *
 * <pre>
 * bin/flink run -c io.sluice.examples.nexmark.AuctionLedgerJob examples/nexmark.jar \
 *     --events 1000000 --in-flight-auctions 100000000 --hot-auction-ratio 1 \
 *     --output /tmp/ledgers
 * </pre>
 *
 * <p><b>Arguments.</b> Those of {@link HighestBidJob}. An auction closes when it is no longer one
 * of the {@code --in-flight-auctions} latest; with more of them than the stream has, none does
 * before the end, and the state grows with every bid, by about 400 bytes and {@code
 * --extra-length}.
 *
 * <p><b>Result.</b> The first four fields as {@link HighestBidJob} has them, but taken from the
 * kept bids; {@code digest} covers every field of every one of them. {@link AuctionLedgers}
 * computes the same without Flink and compares.
 *
 * <p><b>Metric.</b> The operator {@value #OPERATOR} has the gauge {@value #PAUSE_METRIC}: see
 * {@link LongestPause}.
 */
public final class AuctionLedgerJob {

    /** Name of the operator that keeps the bids, hence the start of its metrics' names. */
    public static final String OPERATOR = "Ledger";

    /** Name of the gauge of {@link LongestPause} within the operator's metrics. */
    public static final String PAUSE_METRIC = "longestPauseMs";

    private AuctionLedgerJob() {}

    public static void main(String[] args) throws Exception {
        HighestBidArguments arguments = HighestBidArguments.parse(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        if (arguments.parallelism() != null) {
            env.setParallelism(arguments.parallelism());
        }
        DataStream<String> lines =
                ledgers(HighestBidJob.auctionStream(env, arguments.settings()))
                        .map(ClosedLedger::toCsv, Types.STRING)
                        .name("To CSV")
                        .uid("to-csv");
        HighestBidJob.writeLines(lines, arguments.output());
        env.execute("Auction ledger");
    }

    static DataStream<ClosedLedger> ledgers(DataStream<NexmarkEvent> events) {
        return events.filter(event -> !(event instanceof Person))
                .name("Auctions and bids")
                .uid("auctions-and-bids")
                .keyBy(HighestBidJob::auctionOf, Types.LONG)
                .process(new LedgerFunction())
                .name(OPERATOR)
                .uid("ledger");
    }
}
