package io.sluice.benchmarks.fs;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import io.sluice.benchmarks.fs.SinkPart.Sink;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class FsReportTest {

    private final FsReport report =
            new FsReport(
                    new FilePart.Measured(
                            Map.of(FileWork.READ, pairs(99.5, 100)),
                            Map.of(
                                    Scheme.PLAIN,
                                    calls("getBlockLocations", 500),
                                    Scheme.BINDING,
                                    calls("getListing", 2))),
                    Map.of(
                            Backend.ROCKSDB,
                            Map.of(
                                    Contender.STOCK,
                                    checkpoints(100, 2000),
                                    Contender.PROFILE,
                                    checkpoints(20, 1000))),
                    Map.of(
                            Sink.PLAIN_FILES,
                            new SinkPart.Measured(
                                    10,
                                    40,
                                    40 << 20,
                                    calls("create", 200),
                                    calls("getListing", 80),
                                    80)));

    @Test
    void checkpointsAreComparedWithStockFlink() {
        assertThat(report.resultLines())
                .containsExactly(
                        "RESULT fs.read ratio=0.99 error=0.00 goal>=0.99 met",
                        "RESULT fs.checkpoint.rocksdb.calls ratio=0.20 checkpoints=5 goal=none",
                        "RESULT fs.checkpoint.rocksdb.duration ratio=0.50 checkpoints=5 goal=none");
    }

    @Test
    void tableTellsCallsOfEachCheckpointAndFile() {
        assertThat(report.tableRows())
                .anyMatch(row -> row.matches("rocksdb +stock +1000 +2\\.0 +2\\.00 +100\\.0  .*"))
                .anyMatch(row -> row.matches("rocksdb +profile +1000 +2\\.0 +1\\.00 +20\\.0  .*"))
                .anyMatch(row -> row.matches("plain-files +40 +1024 +20\\.0 +5\\.0 +1\\.0  .*"));
    }

    @Test
    void fileHoldsEveryCheckpoint() {
        ObjectNode json = new ObjectMapper().createObjectNode();

        report.addTo(json);

        assertThat(json.at("/fs.read/met").asBoolean()).isTrue();
        assertThat(json.at("/fs.located-list.calls/binding").asLong()).isEqualTo(2);
        assertThat(json.at("/fs.checkpoint.rocksdb/stock")).hasSize(5);
        assertThat(json.at("/fs.checkpoint.rocksdb/profile/4/calls").asLong()).isEqualTo(20);
        assertThat(json.at("/fs.sink/plain-files/calls").asLong()).isEqualTo(200);
    }

    private static Pairs pairs(double ours, double baseline) {
        return new Pairs(Collections.nCopies(5, new Pair(ours, baseline)));
    }

    private static List<Checkpoint> checkpoints(long calls, long millis) {
        return Collections.nCopies(
                5, new Checkpoint(1000L << 20, 2 << 20, millis, calls("create", calls)));
    }

    private static Calls calls(String operation, long count) {
        return new Calls(Map.of(operation, count));
    }
}
