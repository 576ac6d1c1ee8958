package io.sluice.runtime.backpressure.track;

import java.time.Duration;

/** Settings as they are by default, but for what a test says. */
final class TestingSettings {

    private TestingSettings() {}

    static TrackingSettings defaults() {
        return every(Duration.ofSeconds(1));
    }

    static TrackingSettings every(Duration samplingInterval) {
        return new TrackingSettings(
                samplingInterval,
                samplingInterval.multipliedBy(5),
                0.5,
                samplingInterval.multipliedBy(3),
                0.1,
                samplingInterval.multipliedBy(5),
                false);
    }
}
