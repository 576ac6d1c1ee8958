package io.sluice.benchmarks.survival;

import io.sluice.benchmarks.session.OptionException;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SurvivalOptionsTest {

    @Test
    void defaultsAreTenRunsAndHalfAsManyOfRocksDb() {
        SurvivalOptions options = SurvivalOptions.parse(List.of());

        assertThat(options.runs()).isEqualTo(10);
        assertThat(options.rocksDbRuns()).isEqualTo(5);
    }

    @Test
    void optionsAreRead() {
        assertThat(
                        SurvivalOptions.parse(
                                List.of("--events", "9", "--runs", "7", "--rocksdb-runs", "6")))
                .isEqualTo(new SurvivalOptions(7, 6, 9));
    }

    @Test
    void rocksDbHasNoRunWithoutOneOfOurs() {
        assertThat(SurvivalOptions.parse(List.of("--runs", "2")).rocksDbRuns()).isEqualTo(2);
    }

    @Test
    void unknownOptionIsRefused() {
        assertThatThrownBy(() -> SurvivalOptions.parse(List.of("--rounds", "2")))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "There is no option '--rounds'. Valid are: --runs, --rocksdb-runs, --events, --help.");
    }
}
