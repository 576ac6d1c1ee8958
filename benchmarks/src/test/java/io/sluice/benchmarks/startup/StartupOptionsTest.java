package io.sluice.benchmarks.startup;

import io.sluice.benchmarks.startup.StartupOptions.Baseline;
import io.sluice.benchmarks.startup.StartupOptions.OptionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StartupOptionsTest {

    @Test
    void sevenPairsAgainstTheLeanBaselineUnlessGiven() {
        assertThat(StartupOptions.parse(List.of())).isEqualTo(new StartupOptions(7, Baseline.LEAN));
    }

    @Test
    void optionsComeInAnyOrder() {
        assertThat(StartupOptions.parse(List.of("--baseline", "full", "--runs", "15")))
                .isEqualTo(new StartupOptions(15, Baseline.FULL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--runs 0 | Option --runs takes a whole number above 0, not '0'.",
                "--runs many | Option --runs takes a whole number above 0, not 'many'.",
                "--runs | Option --runs needs a value.",
                "--baseline fat | Option --baseline takes lean or full, not 'fat'.",
                "--pairs 3 | There is no option '--pairs'. Valid are: --runs, --baseline, --help."
            })
    void errorSaysWhatIsValid(String arguments, String message) {
        assertThatThrownBy(() -> StartupOptions.parse(List.of(arguments.split(" ", -1))))
                .isInstanceOf(OptionException.class)
                .hasMessage(message);
    }
}
