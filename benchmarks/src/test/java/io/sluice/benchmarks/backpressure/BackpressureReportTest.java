package io.sluice.benchmarks.backpressure;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.backpressure.Turns.TurnPair;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class BackpressureReportTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void claimIsAboutTheMedianRound() {
        BackpressureReport report =
                new BackpressureReport(
                        Contest.OVERHEAD,
                        List.of(
                                round(true, 1_000_000),
                                round(false, 998_000),
                                round(true, 997_000),
                                round(false, 997_000),
                                round(true, 998_000)));

        assertThat(report.resultLines())
                .containsExactly(
                        "RESULT backpressure.overhead ratio=0.998 error=0.002 goal>=0.990 met",
                        "RESULT backpressure.overhead.cpu ratio=0.998 error=0.002 goal=none");
    }

    @Test
    void edgesHaveNoGoal() {
        assertThat(fiveRounds(Contest.EDGES).resultLines())
                .containsExactly(
                        "RESULT backpressure.edges ratio=0.950 error=0.000 goal=none",
                        "RESULT backpressure.edges.cpu ratio=0.950 error=0.000 goal=none");
    }

    @Test
    void tableHasALineForEachRound() {
        List<String> rows = fiveRounds(Contest.OVERHEAD).tableRows();

        assertThat(rows).hasSize(7);
        assertThat(rows.get(1))
                .isEqualTo(
                        "round 1, on first               950.0       1000.0   0.950 +- 0.000   0.950 +- 0.000       5000");
        assertThat(rows.get(6))
                .isEqualTo(
                        "all rounds                      950.0       1000.0   0.950 +- 0.000   0.950 +- 0.000       5000");
    }

    @Test
    void fileHoldsEveryTurn() {
        ObjectNode json = new ObjectMapper().createObjectNode();

        fiveRounds(Contest.OVERHEAD).addTo(json);

        assertThat(json.at("/backpressure.overhead/met").asBoolean(true)).isFalse();
        assertThat(json.at("/backpressure.overhead/rounds")).hasSize(5);
        assertThat(json.at("/backpressure.overhead/rounds/0/on")).hasSize(6);
        assertThat(json.at("/backpressure.overhead/rounds/0/off/5").toString())
                .isEqualTo(
                        "{\"recordsPerSecond\":1000000.0,\"recordsPerCpuSecond\":500000.0,\"waitsPerSecond\":5000.0}");
        assertThat(json.at("/backpressure.overhead/rounds/4/heldBack/Keyed").asDouble())
                .isEqualTo(0.5);
    }

    private static BackpressureReport fiveRounds(Contest contest) {
        return new BackpressureReport(contest, Collections.nCopies(5, round(true, 950_000)));
    }

    private static Round round(boolean onFirst, long recordsOn) {
        return new Round(
                onFirst,
                Map.of("Keyed", 0.5),
                Collections.nCopies(6, new TurnPair(turn(recordsOn), turn(1_000_000))));
    }

    private static Turn turn(long records) {
        return new Turn(SECOND, records, 5000, 2 * SECOND);
    }
}
