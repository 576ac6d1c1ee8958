package io.sluice.examples.nexmark;

import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class NexmarkTableIT {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final int EVENTS = 5_000;

    /** As widely published, so with VARCHAR where the module's README says STRING. */
    private static final String DDL =
            """
            CREATE TABLE nexmark (
              event_type INT,
              person ROW<id BIGINT, name VARCHAR, emailAddress VARCHAR, creditCard VARCHAR,
                city VARCHAR, state VARCHAR, `dateTime` TIMESTAMP(3), extra VARCHAR>,
              auction ROW<id BIGINT, itemName VARCHAR, description VARCHAR, initialBid BIGINT,
                reserve BIGINT, `dateTime` TIMESTAMP(3), expires TIMESTAMP(3), seller BIGINT,
                category BIGINT, extra VARCHAR>,
              bid ROW<auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, url VARCHAR,
                `dateTime` TIMESTAMP(3), extra VARCHAR>,
              `dateTime` AS CASE
                WHEN event_type = 0 THEN person.`dateTime`
                WHEN event_type = 1 THEN auction.`dateTime`
                ELSE bid.`dateTime` END,
              WATERMARK FOR `dateTime` AS `dateTime`
            ) WITH ('connector' = 'nexmark', 'events' = '5000', 'seed' = '3')
            """;

    private static Stream<NexmarkEvent> events() {
        NexmarkGenerator generator =
                new NexmarkGenerator(NexmarkSettings.defaults().withEvents(EVENTS).withSeed(3));
        return LongStream.range(0, EVENTS).mapToObj(generator::event);
    }

    private static Stream<Bid> bids() {
        return events().filter(Bid.class::isInstance).map(Bid.class::cast);
    }

    private static List<Row> query(EnvironmentSettings settings, String ddl, String query)
            throws Exception {
        TableEnvironment env = TableEnvironment.create(settings);
        env.executeSql(ddl);
        List<Row> rows = new ArrayList<>();
        try (CloseableIterator<Row> results = env.executeSql(query).collect()) {
            results.forEachRemaining(rows::add);
        }
        return rows;
    }

    @Test
    void batchQueryCountsTheKindsOfEvents() throws Exception {
        String ddl =
                "CREATE TABLE nexmark (%s) WITH ('connector' = 'nexmark', 'events' = '5000')"
                        .formatted(NexmarkRows.COLUMNS);

        List<Row> rows =
                query(
                        EnvironmentSettings.inBatchMode(),
                        ddl,
                        "SELECT event_type, COUNT(*), COUNT(person), COUNT(auction), COUNT(bid)"
                                + " FROM nexmark GROUP BY event_type");

        assertThat(rows)
                .containsExactlyInAnyOrder(
                        Row.of(0, 100L, 100L, 0L, 0L),
                        Row.of(1, 300L, 0L, 300L, 0L),
                        Row.of(2, 4_600L, 0L, 0L, 4_600L));
    }

    @Test
    void everyFieldIsInItsColumn() throws Exception {
        List<Row> rows =
                query(
                        EnvironmentSettings.inBatchMode(),
                        DDL,
                        "SELECT person, auction, bid FROM nexmark");

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        events().map(NexmarkTableIT::expectedRow).toList());
    }

    private static Row expectedRow(NexmarkEvent event) {
        if (event instanceof Person person) {
            Row row =
                    Row.of(
                            person.id(),
                            person.name(),
                            person.emailAddress(),
                            person.creditCard(),
                            person.city(),
                            person.state(),
                            utc(person.dateTime()),
                            person.extra());
            return Row.of(row, null, null);
        }
        if (event instanceof Auction auction) {
            Row row =
                    Row.of(
                            auction.id(),
                            auction.itemName(),
                            auction.description(),
                            auction.initialBid(),
                            auction.reserve(),
                            utc(auction.dateTime()),
                            utc(auction.expires()),
                            auction.seller(),
                            auction.category(),
                            auction.extra());
            return Row.of(null, row, null);
        }
        Bid bid = (Bid) event;
        Row row =
                Row.of(
                        bid.auction(),
                        bid.bidder(),
                        bid.price(),
                        bid.channel(),
                        bid.url(),
                        utc(bid.dateTime()),
                        bid.extra());
        return Row.of(null, null, row);
    }

    @Test
    void streamingWindowsHaveEveryBid() throws Exception {
        Map<Instant, LongSummaryStatistics> pricesPerSecond =
                bids().collect(
                                Collectors.groupingBy(
                                        bid ->
                                                Instant.ofEpochSecond(
                                                        bid.dateTime().getEpochSecond()),
                                        TreeMap::new,
                                        Collectors.summarizingLong(Bid::price)));

        List<Row> rows =
                query(
                        EnvironmentSettings.inStreamingMode(),
                        DDL,
                        """
                        SELECT window_start, COUNT(*), MAX(bid.price), SUM(bid.price)
                        FROM TABLE(
                          TUMBLE(TABLE nexmark, DESCRIPTOR(`dateTime`), INTERVAL '1' SECOND))
                        WHERE event_type = 2
                        GROUP BY window_start, window_end
                        """);

        assertThat(pricesPerSecond).hasSize(5);
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        pricesPerSecond.entrySet().stream()
                                .map(
                                        second ->
                                                Row.of(
                                                        utc(second.getKey()),
                                                        second.getValue().getCount(),
                                                        second.getValue().getMax(),
                                                        second.getValue().getSum()))
                                .toList());
    }

    @Test
    void groupedQueryHasEveryChannel() throws Exception {
        Map<String, Long> bidsPerChannel =
                bids().filter(bid -> !bid.channel().startsWith("channel-"))
                        .map(Bid::channel)
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        List<Row> rows =
                query(
                        EnvironmentSettings.inBatchMode(),
                        DDL,
                        """
                        SELECT bid.channel, COUNT(*) FROM nexmark
                        WHERE bid.channel IN ('Google', 'Facebook', 'Baidu', 'Apple')
                        GROUP BY bid.channel
                        """);

        assertThat(bidsPerChannel).hasSize(4);
        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(
                        bidsPerChannel.entrySet().stream()
                                .map(channel -> Row.of(channel.getKey(), channel.getValue()))
                                .toList());
    }

    private static LocalDateTime utc(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
