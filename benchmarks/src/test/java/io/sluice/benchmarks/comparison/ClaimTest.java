package io.sluice.benchmarks.comparison;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ClaimTest {

    private final Claim claim = Claim.atMost("startup.taskmanager", "0.60");

    @Test
    void ratioBelowTheGoalMeetsIt() {
        assertThat(claim.resultLines(new Comparison(0.55, 0.02), "--runs"))
                .containsExactly("RESULT startup.taskmanager ratio=0.55 error=0.02 goal<=0.60 met");
    }

    @Test
    void goalItselfMeetsIt() {
        assertThat(claim.resultLines(new Comparison(0.60, 0.01), "--runs"))
                .containsExactly("RESULT startup.taskmanager ratio=0.60 error=0.01 goal<=0.60 met");
    }

    @Test
    void numbersAreRoundedUpSoThatTheLineNeverFlatters() {
        assertThat(claim.resultLines(new Comparison(0.6001, 0.0101), "--runs"))
                .containsExactly(
                        "RESULT startup.taskmanager ratio=0.61 error=0.02 goal<=0.60 missed");
    }

    @Test
    void ratioWithALargeErrorIsNotPublished() {
        assertThat(claim.resultLines(new Comparison(0.55, 0.09), "--runs"))
                .containsExactly(
                        "startup.taskmanager: the error, 0.09, is more than 10 % of the ratio, 0.55: too much to publish it. Measure more pairs with --runs, on a quieter machine.",
                        "RESULT startup.taskmanager ratio=unclear error=0.09 goal<=0.60 unclear");
    }

    @Test
    void ratioThatIsNotPublishedMayMeetTheGoalAtItsWorst() {
        Claim slower = Claim.atLeast("state.heap.worst", "0.93");

        assertThat(claim.isMetBy(new Comparison(0.45, 0.15))).isTrue();
        assertThat(claim.isMetBy(new Comparison(0.45, 0.16))).isFalse();
        assertThat(slower.isMetBy(new Comparison(1.10, 0.17))).isTrue();
        assertThat(slower.isMetBy(new Comparison(1.10, 0.18))).isFalse();
    }

    @Test
    void ratioOfTooFewMeetsNoGoal() {
        assertThat(claim.isMetBy(new Comparison(0.10, 0.10))).isFalse();
    }

    @Test
    void throughputFromTheGoalOnMeetsIt() {
        Claim throughput = Claim.atLeast("state.heap.geomean", "0.97");

        assertThat(throughput.resultLines(new Comparison(0.97, 0.01), "--pairs"))
                .containsExactly("RESULT state.heap.geomean ratio=0.97 error=0.01 goal>=0.97 met");
    }

    @Test
    void throughputIsRoundedDownSoThatTheLineNeverFlatters() {
        Claim throughput = Claim.atLeast("state.heap.geomean", "0.97");

        assertThat(throughput.resultLines(new Comparison(0.9699, 0.0101), "--pairs"))
                .containsExactly(
                        "RESULT state.heap.geomean ratio=0.96 error=0.02 goal>=0.97 missed");
    }

    @Test
    void tenPercentAreClear() {
        assertThat(new Comparison(0.5, 0.05).isClear()).isTrue();
        assertThat(new Comparison(0.5, 0.0501).isClear()).isFalse();
    }

    @Test
    void goalInThousandthsNeedsASmallerError() {
        Claim almostNothing = Claim.atLeast("backpressure.overhead", "0.990");

        assertThat(almostNothing.resultLines(new Comparison(0.9979, 0.0031), "--rounds"))
                .containsExactly(
                        "RESULT backpressure.overhead ratio=0.997 error=0.004 goal>=0.990 met");
        assertThat(almostNothing.resultLines(new Comparison(0.9899, 0.0031), "--rounds"))
                .containsExactly(
                        "RESULT backpressure.overhead ratio=0.989 error=0.004 goal>=0.990 missed");
        assertThat(almostNothing.resultLines(new Comparison(0.998, 0.012), "--rounds"))
                .containsExactly(
                        "backpressure.overhead: the error, 0.012, is more than 1 % of the ratio, 0.998: too much to publish it. Measure more pairs with --rounds, on a quieter machine.",
                        "RESULT backpressure.overhead ratio=unclear error=0.012 goal>=0.990 unclear");
    }

    @Test
    void goalIsStatedInHundredthsOrThousandths() {
        assertThatThrownBy(() -> Claim.atMost("startup.jobmanager", "0.6"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("goal=0.6: state hundredths or thousandths");
    }
}
