package io.sluice.benchmarks.comparison;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClaimTest {

    private final Claim claim = new Claim("startup.taskmanager", new BigDecimal("0.60"));

    @Test
    void ratioBelowTheGoalMeetsIt() {
        assertThat(claim.resultLines(new Comparison(0.55, 0.02)))
                .containsExactly("RESULT startup.taskmanager ratio=0.55 error=0.02 goal<=0.60 met");
    }

    @Test
    void goalItselfMeetsIt() {
        assertThat(claim.resultLines(new Comparison(0.60, 0.01)))
                .containsExactly("RESULT startup.taskmanager ratio=0.60 error=0.01 goal<=0.60 met");
    }

    @Test
    void numbersAreRoundedUpSoThatTheLineNeverFlatters() {
        assertThat(claim.resultLines(new Comparison(0.6001, 0.0101)))
                .containsExactly(
                        "RESULT startup.taskmanager ratio=0.61 error=0.02 goal<=0.60 missed");
    }

    @Test
    void ratioWithALargeErrorIsNotPublished() {
        assertThat(claim.resultLines(new Comparison(0.55, 0.09)))
                .containsExactly(
                        "startup.taskmanager: the error, 0.09, is more than 10 % of the ratio, 0.55: too much to publish it. Measure more pairs with --runs, on a quieter machine.",
                        "RESULT startup.taskmanager ratio=unclear error=0.09 goal<=0.60 missed");
    }

    @Test
    void tenPercentAreClear() {
        assertThat(new Comparison(0.5, 0.05).isClear()).isTrue();
        assertThat(new Comparison(0.5, 0.0501).isClear()).isFalse();
    }

    @Test
    void goalIsStatedInHundredths() {
        assertThatThrownBy(() -> new Claim("startup.jobmanager", new BigDecimal("0.6")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("goal=0.6: state hundredths");
    }
}
