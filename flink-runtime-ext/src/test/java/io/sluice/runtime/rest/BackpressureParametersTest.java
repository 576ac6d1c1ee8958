package io.sluice.runtime.rest;

import io.sluice.runtime.rest.BackpressureHistoryParameters.Range;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BackpressureParametersTest {

    private static final long NOW = 10_000_000;

    @Test
    void lastHourInPointsOfTwoPeriodsByDefault() {
        assertThat(range(null, null, null)).isEqualTo(new Range(NOW - 3_600_000, NOW, 10_000));
    }

    @Test
    void shortTimeIsGivenPeriodByPeriodFromAWholeStepOn() {
        assertThat(range("9999000", null, null)).isEqualTo(new Range(9_995_000, NOW, 5_000));
    }

    @Test
    void startAfterTheEndIsRefused() {
        assertThatThrownBy(() -> range("20", "10", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Parameter 'from' is 20, not before 'to', which is 10.");
    }

    @Test
    void stepShorterThanAPeriodIsRefused() {
        assertThatThrownBy(() -> range(null, null, "10"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Parameter 'step' is 10 ms; it must be at least the period of reports, which is 5000 ms.");
    }

    @Test
    void tooManyPointsAreRefused() {
        assertThatThrownBy(() -> range("0", "100000000", "5000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "100000000 ms in steps of 5000 ms are more than 10000 points. Raise 'step', or ask for less time.");
    }

    @Test
    void wordIsNoNumber() {
        assertThatThrownBy(() -> range("yesterday", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Parameter 'from' must be a whole number from 0, not 'yesterday'.");
    }

    @Test
    void limitHasALimit() {
        assertThat(BackpressureEpisodesParameters.limit(null)).isEqualTo(100);
        assertThat(BackpressureEpisodesParameters.limit("7")).isEqualTo(7);
        assertThatThrownBy(() -> BackpressureEpisodesParameters.limit("1001"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Parameter 'limit' is 1001; it must be at most 1000.");
    }

    private static Range range(@Nullable String from, @Nullable String to, @Nullable String step) {
        return BackpressureHistoryParameters.of(from, to, step, NOW, 5_000);
    }
}
