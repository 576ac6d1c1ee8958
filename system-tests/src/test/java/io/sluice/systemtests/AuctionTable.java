package io.sluice.systemtests;

import io.sluice.examples.nexmark.Bid;
import io.sluice.examples.nexmark.NexmarkGenerator;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Distribution;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The auction stream as an SQL table called {@code events}, and what queries on it must return. */
final class AuctionTable {

    /** Few enough to be computed in no time, enough for more than one round of auctions. */
    private static final NexmarkSettings SETTINGS = NexmarkSettings.defaults().withEvents(2_000);

    static final String DDL =
            """
            CREATE TABLE events (
              event_type INT,
              person ROW<id BIGINT, name STRING, emailAddress STRING, creditCard STRING,
                city STRING, state STRING, `dateTime` TIMESTAMP(3), extra STRING>,
              auction ROW<id BIGINT, itemName STRING, description STRING, initialBid BIGINT,
                reserve BIGINT, `dateTime` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT,
                category BIGINT, extra STRING>,
              bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING,
                `dateTime` TIMESTAMP(3), extra STRING>
            ) WITH ('connector' = 'nexmark', 'events' = '%d')"""
                    .formatted(SETTINGS.events());

    /** One row per auction: its id, the number of its bids, and the sum of their prices. */
    static final String BIDS_PER_AUCTION =
            "SELECT bid.auction AS auction, COUNT(*) AS bids, SUM(bid.price) AS cents"
                    + " FROM events WHERE event_type = 2 GROUP BY bid.auction";

    private AuctionTable() {}

    /** Returns the jar that knows the connector. */
    static Path jar(Distribution distribution) {
        return distribution.examples().resolve("nexmark.jar");
    }

    static Stream<Bid> bids() {
        NexmarkGenerator generator = new NexmarkGenerator(SETTINGS);
        return LongStream.range(0, SETTINGS.events())
                .mapToObj(generator::event)
                .filter(Bid.class::isInstance)
                .map(Bid.class::cast);
    }

    /** Returns the rows of {@link #BIDS_PER_AUCTION}, each as {@code auction,bids,cents}. */
    static Stream<String> bidsPerAuction() {
        Map<Long, Long> bids = new TreeMap<>();
        Map<Long, Long> cents = new TreeMap<>();
        bids().forEach(
                        bid -> {
                            bids.merge(bid.auction(), 1L, Long::sum);
                            cents.merge(bid.auction(), bid.price(), Long::sum);
                        });
        return bids.keySet().stream()
                .map(
                        auction ->
                                "%d,%d,%d"
                                        .formatted(auction, bids.get(auction), cents.get(auction)));
    }
}
