package io.sluice.benchmarks.comparison;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TallyTest {

    @Test
    void whatIsMeantForAllRunsIsMissedByOneWithout() {
        Tally tally = new Tally("survival.hashmap.died", true);

        assertThat(tally.resultLine(10, 10))
                .isEqualTo("RESULT survival.hashmap.died count=10/10 goal=10/10 met");
        assertThat(tally.resultLine(9, 10))
                .isEqualTo("RESULT survival.hashmap.died count=9/10 goal=10/10 missed");
    }

    @Test
    void whatIsMeantForNoRunIsMissedByOneWith() {
        Tally tally = new Tally("survival.adaptive.died", false);

        assertThat(tally.resultLine(0, 10))
                .isEqualTo("RESULT survival.adaptive.died count=0/10 goal=0/10 met");
        assertThat(tally.resultLine(1, 10))
                .isEqualTo("RESULT survival.adaptive.died count=1/10 goal=0/10 missed");
    }

    @Test
    void noRunShowsNothing() {
        assertThat(new Tally("survival.adaptive.died", false).isMetBy(0, 0)).isFalse();
    }
}
