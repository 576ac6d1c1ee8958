package io.sluice.state.adaptive;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;

import io.sluice.state.adaptive.placement.PlacementMode;
import io.sluice.state.adaptive.placement.PolicySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AdaptiveStateSettingsTest {

    @Test
    void typeAdaptiveLoadsTheBackend() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "adaptive");

        StateBackend backend =
                StateBackendLoader.loadStateBackendFromConfig(
                        configuration, getClass().getClassLoader(), null);

        assertThat(backend).isInstanceOf(AdaptiveStateBackend.class);
        assertThat(backend.useManagedMemory()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void modeIsReadAsItIsPrinted(PlacementMode mode) {
        Configuration configuration = new Configuration();
        configuration.setString("state.backend.adaptive.mode", mode.toString());

        AdaptiveStateSettings settings = AdaptiveStateSettings.from(configuration);

        assertThat(settings.mode()).isEqualTo(mode);
    }

    @Test
    void defaultsAreThoseOfThePolicy() {
        AdaptiveStateSettings settings = AdaptiveStateSettings.from(new Configuration());

        assertThat(settings.policy()).isEqualTo(PolicySettings.defaults());
    }

    @Test
    void marksThatDoNotRiseAreRefused() {
        Configuration configuration = new Configuration();
        configuration.set(AdaptiveStateOptions.LOW_MARK, 0.7);

        assertThatThrownBy(() -> AdaptiveStateSettings.from(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessage(
                        "The options of the adaptive state backend cannot be used: lowMark=0.7, "
                                + "targetMark=0.6, highMark=0.75, panicMark=0.9: must rise, in "
                                + "(0, 1]. Correct the options that start with "
                                + "'state.backend.adaptive.'.");
    }

    @Test
    void shareOutOfRangeIsRefused() {
        Configuration configuration = new Configuration();
        configuration.set(AdaptiveStateOptions.MOVE_SHARE, 0.0);

        assertThatThrownBy(() -> AdaptiveStateSettings.from(configuration))
                .isInstanceOf(IllegalConfigurationException.class)
                .hasMessage(
                        "The options of the adaptive state backend cannot be used: share is 0.0; it "
                                + "must be in (0, 1]. Correct the options that start with "
                                + "'state.backend.adaptive.'.");
    }
}
