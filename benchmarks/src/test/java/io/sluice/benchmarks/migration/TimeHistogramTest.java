package io.sluice.benchmarks.migration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TimeHistogramTest {

    private final TimeHistogram histogram = new TimeHistogram();

    @Test
    void quantilesAreKnownToThreePercent() {
        for (int micros = 1; micros <= 100_000; micros++) {
            histogram.add(micros * 1000L);
        }

        assertThat(histogram.quantileMillis(0.5)).isCloseTo(50, within(50 * 0.032));
        assertThat(histogram.quantileMillis(0.999)).isCloseTo(99.9, within(99.9 * 0.032));
        assertThat(histogram.quantileMillis(1)).isEqualTo(100);
        assertThat(histogram.maxMillis()).isEqualTo(100);
    }

    @Test
    void quantileIsNeverBelowWhatWasAdded() {
        for (long nanos = 1; nanos < Long.MAX_VALUE / 3; nanos *= 3) {
            TimeHistogram one = new TimeHistogram();
            one.add(nanos);
            one.add(Long.MAX_VALUE);

            assertThat(one.quantileMillis(0.5)).isBetween(nanos / 1e6, nanos / 1e6 * 1.032);
        }
    }

    @Test
    void timesBelowZeroCountAsZero() {
        histogram.add(-5);

        assertThat(histogram.count()).isOne();
        assertThat(histogram.maxMillis()).isZero();
        assertThat(histogram.quantileMillis(0.999)).isZero();
    }
}
