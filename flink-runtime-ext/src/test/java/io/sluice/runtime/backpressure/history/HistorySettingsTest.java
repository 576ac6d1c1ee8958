package io.sluice.runtime.backpressure.history;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import io.sluice.runtime.RuntimeOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HistorySettingsTest {

    private final Configuration configuration = new Configuration();

    @Test
    void nothingIsRememberedWhereNothingIsTracked() {
        configuration.set(RuntimeOptions.BACKPRESSURE_ENABLED, false);

        assertThat(HistorySettings.of(configuration)).isNull();
    }

    @Test
    void blankDirectoryIsNone() {
        configuration.set(RuntimeOptions.BACKPRESSURE_HISTORY_DIRECTORY, " ");

        assertThat(HistorySettings.of(configuration))
                .isNotNull()
                .extracting(HistorySettings::directory)
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sluice.backpressure.history.size|1 kb"
                        + "|'sluice.backpressure.history.size' is 1 kb; it must be at least 1 mb.",
                "sluice.backpressure.history.retention|1 s"
                        + "|'sluice.backpressure.history.retention' is 1000 ms; it must be at least 'sluice.backpressure.report-interval', which is 5000 ms.",
            })
    void saysWhatToChange(String key, String value, String message) {
        configuration.setString(key, value);

        assertThatThrownBy(() -> HistorySettings.of(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "sluice.backpressure.enabled,perhaps",
        "sluice.backpressure.history.size,much",
        "sluice.backpressure.report-interval,often",
    })
    void saysWhichOptionCannotBeRead(String key, String value) {
        configuration.setString(key, value);

        assertThatThrownBy(() -> HistorySettings.of(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessageStartingWith("'%s' cannot be read: ".formatted(key));
    }
}
