package io.sluice.benchmarks.backpressure;

import io.sluice.benchmarks.session.OptionException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BackpressureOptionsTest {

    @Test
    void defaultsAreTenRoundsOfTwentyTurnsOfASecond() {
        assertThat(BackpressureOptions.parse(List.of()))
                .isEqualTo(
                        new BackpressureOptions(
                                10,
                                20,
                                Duration.ofMillis(50),
                                Duration.ofSeconds(20),
                                List.of(Contest.OVERHEAD)));
    }

    @Test
    void optionsAreRead() {
        assertThat(BackpressureOptions.parse(List.of("--rounds", "7", "--turns", "6", "--edges")))
                .isEqualTo(
                        new BackpressureOptions(
                                7,
                                6,
                                Duration.ofMillis(50),
                                Duration.ofSeconds(20),
                                List.of(Contest.OVERHEAD, Contest.EDGES)));
    }

    @Test
    void quickIsQuickButForWhatIsGiven() {
        assertThat(BackpressureOptions.parse(List.of("--quick", "--rounds", "1")))
                .isEqualTo(
                        new BackpressureOptions(
                                1,
                                6,
                                Duration.ofMillis(50),
                                Duration.ofSeconds(3),
                                List.of(Contest.OVERHEAD)));
    }

    @Test
    void unknownOptionIsRefused() {
        assertThatThrownBy(() -> BackpressureOptions.parse(List.of("--pairs", "2")))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "There is no option '--pairs'. Valid are: --rounds, --turns, --edges, --quick, --help.");
    }
}
