package io.sluice.runtime.backpressure.history;

import org.apache.flink.configuration.MemorySize;
import org.apache.flink.sluice.rpc.PastBackpressure.Blame;
import org.apache.flink.sluice.rpc.PastBackpressure.Series;

import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.LoadReport;
import io.sluice.runtime.backpressure.load.PeriodLoad;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static io.sluice.runtime.backpressure.history.TestingLoads.JOB;
import static io.sluice.runtime.backpressure.history.TestingLoads.SINK;
import static io.sluice.runtime.backpressure.history.TestingLoads.TOPOLOGY;
import static io.sluice.runtime.backpressure.history.TestingLoads.episode;
import static io.sluice.runtime.backpressure.history.TestingLoads.report;
import static io.sluice.runtime.backpressure.history.TestingLoads.sink;
import static io.sluice.runtime.backpressure.history.TestingLoads.source;
import static org.assertj.core.api.Assertions.assertThat;

class BackpressureCollectorTest {

    private static final List<String> BOTH = List.of("tm-1", "tm-2");

    private @Nullable JobTopology topology = TOPOLOGY;

    private final BackpressureCollector collector =
            new BackpressureCollector(
                    new HistorySettings(
                            Duration.ofSeconds(5),
                            Duration.ofHours(24),
                            MemorySize.ofMebiBytes(1),
                            null),
                    (job, vertices) -> topology,
                    null);

    @Test
    void periodOfAllTaskManagersBecomesHistoryWithItsCause() {
        accept("tm-1", report(source(10_000, "tm-1", 0.9)));
        accept("tm-2", report(sink(10_000, "tm-2", 0)));
        collector.roundEnded(BOTH, 10_300);

        assertThat(collector.between(JOB, 0, 20_000, 5_000).causes())
                .containsExactly(new Blame(5_000, SINK, "BUSY"));
        assertThat(collector.lastOf("tm-1")).isEqualTo(10_000);
    }

    @Test
    void periodWaitsForATaskManagerThatIsLate() {
        accept("tm-1", report(source(10_000, "tm-1", 0.9)));
        collector.roundEnded(BOTH, 10_300);
        boolean atFirst = isEmpty();

        accept("tm-1", report(source(15_000, "tm-1", 0.9)));
        accept("tm-2", report(sink(10_000, "tm-2", 0), sink(15_000, "tm-2", 0)));
        collector.roundEnded(BOTH, 15_300);

        assertThat(atFirst).isTrue();
        assertThat(collector.between(JOB, 0, 20_000, 5_000).causes()).hasSize(2);
    }

    @Test
    void periodDoesNotWaitForEver() {
        for (int i = 1; i <= 4; i++) {
            accept("tm-1", report(source(5_000L * i, "tm-1", 0.9)));
            collector.roundEnded(BOTH, 5_000L * i + 300);
        }

        assertThat(points()).isEqualTo(1);
    }

    @Test
    void periodWaitsForTheTopologyButNotForEver() {
        topology = null;
        for (int i = 1; i <= 3; i++) {
            accept("tm-1", report(source(5_000L * i, "tm-1", 0.9)));
            collector.roundEnded(List.of("tm-1"), 5_000L * i + 300);
        }
        boolean atFirst = isEmpty();
        accept("tm-1", report(source(20_000, "tm-1", 0.9)));
        collector.roundEnded(List.of("tm-1"), 20_300);

        assertThat(atFirst).isTrue();
        assertThat(points()).isEqualTo(1);
    }

    @Test
    void manyPeriodsAtOnceWaitForTheTopologyToo() {
        topology = null;
        accept(
                "tm-1",
                report(
                        source(5_000, "tm-1", 0.9),
                        source(10_000, "tm-1", 0.9),
                        source(15_000, "tm-1", 0.9),
                        source(20_000, "tm-1", 0.9),
                        source(25_000, "tm-1", 0.9)));
        accept("tm-2", report(sink(5_000, "tm-2", 0), sink(10_000, "tm-2", 0)));
        collector.roundEnded(BOTH, 25_300);
        topology = TOPOLOGY;
        collector.roundEnded(BOTH, 30_300);

        assertThat(collector.between(JOB, 0, 30_000, 5_000).causes())
                .containsExactly(new Blame(0, SINK, "BUSY"), new Blame(5_000, SINK, "BUSY"));
    }

    @Test
    void taskManagerThatHasGoneIsAskedForAllWhenItComesBack() {
        accept("tm-1", report(source(10_000, "tm-1", 0.9)));
        collector.roundEnded(List.of(), 10_300);

        assertThat(collector.lastOf("tm-1")).isEqualTo(-1);
    }

    @Test
    void episodeOfATaskManagerThatHasGoneIsOver() {
        accept("tm-1", report(source(10_000, "tm-1", 0.9), episode("a", 6_000, 4_000, true)));
        collector.roundEnded(BOTH, 10_300);
        boolean goesOn = collector.episodes(JOB, null, 10).episodes().get(0).ongoing();
        collector.roundEnded(List.of("tm-2"), 15_300);

        assertThat(goesOn).isTrue();
        assertThat(collector.episodes(JOB, null, 10).episodes())
                .singleElement()
                .matches(episode -> !episode.ongoing(), "is over");
    }

    @Test
    void latestIsThePeriodThatMostHaveReported() {
        accept("tm-1", report(source(10_000, "tm-1", 0.9), source(15_000, "tm-1", 0.9)));
        accept("tm-2", report(sink(10_000, "tm-2", 0)));
        long whileLate = endOfLatest();
        accept("tm-2", report(sink(15_000, "tm-2", 0)));

        assertThat(whileLate).isEqualTo(10_000);
        assertThat(endOfLatest()).isEqualTo(15_000);
        assertThat(collector.latest("0000000000000000000000000000000c").periods()).isEmpty();
    }

    @Test
    void clockThatWasSetBackIsFollowed() {
        accept("tm-1", report(source(3_600_000, "tm-1", 0.9)));
        accept("tm-1", report(source(10_000, "tm-1", 0.9)));

        assertThat(collector.lastOf("tm-1")).isEqualTo(10_000);
    }

    /** As soon as the last period has ended. */
    private void accept(String taskManager, LoadReport report) {
        collector.accept(
                taskManager,
                report,
                report.periods().stream().mapToLong(PeriodLoad::endMillis).max().orElse(0));
    }

    private long endOfLatest() {
        return collector.latest(JOB).periods().stream()
                .mapToLong(PeriodLoad::endMillis)
                .max()
                .orElse(0);
    }

    private boolean isEmpty() {
        return collector.between(JOB, 0, 100_000, 5_000).vertices().isEmpty();
    }

    private int points() {
        return collector.between(JOB, 0, 100_000, 5_000).vertices().stream()
                .map(Series::points)
                .mapToInt(List::size)
                .max()
                .orElse(0);
    }
}
