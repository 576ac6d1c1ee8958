package io.sluice.benchmarks.comparison;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class FindingTest {

    private static final Finding FINDING = new Finding("survival.throughput.whole");

    @Test
    void lineHasNoGoal() {
        assertThat(FINDING.resultLines(new Comparison(1.239, 0.051), "--runs"))
                .containsExactly(
                        "RESULT survival.throughput.whole ratio=1.23 error=0.06 goal=none");
    }

    @Test
    void ratioMayBeToldInThousandths() {
        Finding edges = new Finding("backpressure.edges", Precision.THOUSANDTHS);

        assertThat(edges.resultLines(new Comparison(0.9979, 0.0031), "--rounds"))
                .containsExactly("RESULT backpressure.edges ratio=0.997 error=0.004 goal=none");
    }

    @Test
    void ratioWithALargeErrorIsUnclear() {
        List<String> lines = FINDING.resultLines(new Comparison(1.2, 0.5), "--runs");

        assertThat(lines)
                .containsExactly(
                        "survival.throughput.whole: the error, 0.50, is more than 10 % of the ratio, 1.20: too much to publish it. Measure more pairs with --runs, on a quieter machine.",
                        "RESULT survival.throughput.whole ratio=unclear error=0.50 goal=none");
    }
}
