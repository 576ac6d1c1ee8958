package io.sluice.benchmarks.survival;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.survival.Outcome.Died;
import io.sluice.benchmarks.survival.Outcome.Failed;
import io.sluice.benchmarks.survival.Outcome.Finished;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class SurvivalReportTest {

    private static final long RECORDS_AT_DEATH = 1000;
    private static final Outcome DEATH =
            new Died(Duration.ofSeconds(9), RECORDS_AT_DEATH, "Terminating");
    private static final Outcome FAILURE = new Failed("The job ended as FAILED: E");

    @Test
    void stockDiesAndOursIsExactAndFaster() {
        SurvivalReport report =
                report(five(DEATH), five(finished(true, 3, 20)), five(finished(true, 6, 30)));

        assertThat(report.resultLines())
                .containsExactly(
                        "RESULT survival.hashmap.died count=5/5 goal=5/5 met",
                        "RESULT survival.adaptive.died count=0/5 goal=0/5 met",
                        "RESULT survival.adaptive.exact count=5/5 goal=5/5 met",
                        "RESULT survival.throughput.on-heap ratio=2.00 error=0.00 goal=none",
                        "RESULT survival.throughput.whole ratio=1.50 error=0.00 goal=none");
    }

    @Test
    void failureIsNeitherADeathNorExact() {
        SurvivalReport report =
                report(
                        List.of(DEATH, FAILURE, finished(true, 3, 20)),
                        List.of(FAILURE, DEATH, finished(false, 3, 20)),
                        List.of());

        assertThat(report.resultLines())
                .containsExactly(
                        "RESULT survival.hashmap.died count=1/3 goal=3/3 missed",
                        "RESULT survival.adaptive.died count=1/3 goal=0/3 missed",
                        "RESULT survival.adaptive.exact count=0/3 goal=3/3 missed",
                        "survival.throughput.on-heap: no two runs side by side gave the exact result.",
                        "survival.throughput.whole: no two runs side by side gave the exact result.");
    }

    @Test
    void runsThatAreNotExactAreInNoRatio() {
        List<Outcome> rocksDb = new ArrayList<>(five(finished(true, 6, 30)));
        rocksDb.set(0, finished(false, 1, 1));
        rocksDb.add(finished(true, 6, 30));
        List<Outcome> ours = new ArrayList<>(five(finished(true, 3, 20)));
        ours.add(finished(true, 3, 20));

        assertThat(report(five(DEATH), ours, rocksDb).resultLines())
                .contains("RESULT survival.throughput.whole ratio=1.50 error=0.00 goal=none");
    }

    @Test
    void tableShowsHowOftenAndInWhatTime() {
        SurvivalReport report =
                report(
                        five(DEATH),
                        List.of(finished(true, 3, 20), finished(true, 4, 22), DEATH),
                        List.of());

        assertThat(report.tableRows())
                .containsExactly(
                        "hashmap   5 runs: 5 died, 0 exact",
                        "adaptive  3 runs: 1 died, 2 exact; on heap 3.5 s (3.0-4.0), whole 21.0 s (20.0-22.0); 800 MiB in use at the peak",
                        "rocksdb   0 runs: 0 died, 0 exact");
    }

    @Test
    void stateIsMeasuredByTheRecordsThatFilledTheHeapOfStock() {
        SurvivalReport report = report(List.of(DEATH), five(finished(true, 3, 20)), List.of());

        assertThat(report.stateByHeap().orElseThrow()).isEqualTo(3);
    }

    @Test
    void fileHoldsEverySingleRun() {
        ObjectNode json = new ObjectMapper().createObjectNode();

        report(List.of(DEATH), List.of(finished(true, 3, 20)), List.of(FAILURE)).addTo(json);

        assertThat(json.at("/survival.hashmap.died").toString())
                .isEqualTo("{\"count\":1,\"runs\":1,\"goal\":1,\"met\":true}");
        assertThat(json.at("/hashmap").toString())
                .isEqualTo(
                        "[{\"end\":\"died\",\"seconds\":9.0,\"records\":1000,\"evidence\":\"Terminating\"}]");
        assertThat(json.at("/adaptive/0/secondsOnHeap").asDouble()).isEqualTo(3);
        assertThat(json.at("/rocksdb").toString())
                .isEqualTo("[{\"end\":\"failed\",\"reason\":\"The job ended as FAILED: E\"}]");
    }

    private static SurvivalReport report(
            List<Outcome> hashMap, List<Outcome> adaptive, List<Outcome> rocksDb) {
        return new SurvivalReport(
                Map.of(
                        Contender.HASHMAP, hashMap,
                        Contender.ADAPTIVE, adaptive,
                        Contender.ROCKSDB, rocksDb));
    }

    private static List<Outcome> five(Outcome outcome) {
        return Collections.nCopies(5, outcome);
    }

    private static Outcome finished(boolean exact, int onHeapSeconds, int wholeSeconds) {
        return new Finished(
                exact,
                "0 missing",
                Duration.ofSeconds(onHeapSeconds),
                Duration.ofSeconds(wholeSeconds),
                3L * RECORDS_AT_DEATH,
                800);
    }
}
