package io.sluice.runtime.backpressure.track;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TrackingSettingsTest {

    @Test
    void defaultsMakeSense() {
        TrackingSettings settings = TrackingSettings.of(new Configuration());

        assertThat(settings)
                .isEqualTo(
                        new TrackingSettings(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(5),
                                0.5,
                                Duration.ofSeconds(3),
                                0.1,
                                Duration.ofSeconds(5),
                                false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sluice.backpressure.sampling-interval|1 ms"
                        + "|'sluice.backpressure.sampling-interval' is 1 ms; it must be from 10 ms to 3600000 ms.",
                "sluice.backpressure.sampling-interval|2 s"
                        + "|'sluice.backpressure.report-interval' is 5000 ms, no multiple of 'sluice.backpressure.sampling-interval', which is 2000 ms. Change one of them.",
                "sluice.backpressure.episode.enter-share|1.5"
                        + "|'sluice.backpressure.episode.enter-share' is 1.5; it must be greater than 0 and at most 1.",
                "sluice.backpressure.episode.enter-share|0.05"
                        + "|'sluice.backpressure.episode.leave-share' is 0.1, more than 'sluice.backpressure.episode.enter-share', which is 0.05: an episode would end as it begins. Change one of them.",
                "sluice.backpressure.episode.leave-after|10 ms"
                        + "|'sluice.backpressure.episode.leave-after' is 10 ms; it must be at least 'sluice.backpressure.sampling-interval', which is 1000 ms.",
            })
    void saysWhatToChange(String key, String value, String message) {
        Configuration configuration = new Configuration();
        configuration.setString(key, value);

        assertThatThrownBy(() -> TrackingSettings.of(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessage("%s".formatted(message.replace("\"", "")));
    }

    @Test
    void saysWhichOptionCannotBeRead() {
        Configuration configuration = new Configuration();
        configuration.setString("sluice.backpressure.sampling-interval", "often");

        assertThatThrownBy(() -> TrackingSettings.of(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageStartingWith("'sluice.backpressure.sampling-interval' cannot be read: ");
    }
}
