package io.sluice.systemtests;

import io.sluice.examples.nexmark.Bid;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LocalCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code sql-client.sh} with a script, in embedded mode against a running cluster. */
class SqlClientST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final DateTimeFormatter SQL_TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private static LocalCluster cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = LocalCluster.of(Distribution.fromSystemProperty()).slotsPerTaskManager(2).start();
        cluster.awaitReady(2);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void queryReturnsWhatThePlainGeneratorSays() throws Exception {
        Command.Result result =
                run(
                        """
                        SET 'execution.runtime-mode' = 'batch';
                        SET 'sql-client.execution.result-mode' = 'tableau';
                        %s;
                        %s;
                        """
                                .formatted(AuctionTable.DDL, AuctionTable.BIDS_PER_AUCTION));

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        assertThat(tableRows(result.stdout()))
                .containsExactlyInAnyOrderElementsOf(AuctionTable.bidsPerAuction().toList());
    }

    @Test
    void insertWritesEveryBidOnce() throws Exception {
        Path directory = cluster.installation().sandbox().root().resolve("bids");

        Command.Result result =
                run(
                        """
                        SET 'execution.runtime-mode' = 'batch';
                        SET 'parallelism.default' = '2';
                        SET 'table.dml-sync' = 'true';
                        %s;
                        CREATE TABLE bids (auction BIGINT, bidder BIGINT, price BIGINT,
                          channel STRING, bid_time STRING)
                        WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'csv');
                        INSERT INTO bids
                        SELECT bid.auction, bid.bidder, bid.price, bid.channel,
                          CAST(bid.`dateTime` AS STRING)
                        FROM events WHERE event_type = 2;
                        """
                                .formatted(AuctionTable.DDL, directory));

        assertThat(result.exitCode()).as(result.stderr()).isZero();
        assertThat(result.stdout()).contains("Complete execution of the SQL update statement.");
        assertThat(linesBelow(directory))
                .containsExactlyInAnyOrderElementsOf(
                        AuctionTable.bids().map(SqlClientST::toCsv).toList());
    }

    /** As in stock Flink 2.3.0: the statements behind it are left out, and the exit code is 0. */
    @Test
    void errorEndsTheScriptWithItsReason() throws Exception {
        Command.Result result =
                run(
                        """
                        %s;
                        SELECT no_such_column FROM events;
                        SHOW TABLES;
                        """
                                .formatted(AuctionTable.DDL));

        assertThat(result.stdout())
                .contains("[ERROR] Could not execute SQL statement. Reason:")
                .contains("Column 'no_such_column' not found in any table")
                .doesNotContain("table name");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void missingScriptIsNamed() throws Exception {
        Command.Result result =
                cluster.command("sql-client.sh", "-f", "no-such-script.sql").run(DEADLINE);

        assertThat(result.stderr()).contains("no-such-script.sql");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void pythonOptionSaysWhatIsMissing() throws Exception {
        Command.Result result =
                cluster.command("sql-client.sh", "-pyfs", "functions.py").run(DEADLINE);

        assertThat(result.stderr())
                .contains(
                        "Option -pyfs needs flink-python, which this distribution leaves out."
                                + " Put flink-python-2.3.0.jar into lib/.");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    private static Command.Result run(String script) throws IOException, InterruptedException {
        Path root = cluster.installation().sandbox().root();
        Path file = Files.createTempFile(root, "script-", ".sql");
        Files.writeString(file, script);
        return cluster.command(
                        "sql-client.sh",
                        "-f",
                        file.toString(),
                        "-j",
                        AuctionTable.jar(cluster.installation().distribution()).toString(),
                        "--history",
                        root.resolve("sql-history").toString())
                .run(DEADLINE);
    }

    /** Returns the rows of a printed table, each with its cells between commas. */
    private static List<String> tableRows(String output) {
        return output.lines()
                .filter(line -> line.matches("(\\| +\\d+ )+\\|"))
                .map(
                        line ->
                                Arrays.stream(line.split("\\|"))
                                        .map(String::strip)
                                        .filter(cell -> !cell.isEmpty())
                                        .collect(Collectors.joining(",")))
                .toList();
    }

    private static List<String> linesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> regular = files.filter(Files::isRegularFile).toList();
            StringBuilder all = new StringBuilder();
            for (Path file : regular) {
                all.append(Files.readString(file));
            }
            return all.toString().lines().toList();
        }
    }

    private static String toCsv(Bid bid) {
        return "%d,%d,%d,%s,\"%s\""
                .formatted(
                        bid.auction(),
                        bid.bidder(),
                        bid.price(),
                        bid.channel(),
                        SQL_TIMESTAMP.format(bid.dateTime()));
    }
}
