package io.sluice.benchmarks.fs;

import io.sluice.benchmarks.session.OptionException;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FsOptionsTest {

    @Test
    void defaultsHaveMoreThanAGibibyteOfState() {
        assertThat(FsOptions.parse(List.of()).stateMebibytes()).isGreaterThan(1024);
    }

    @Test
    void optionsAreRead() {
        assertThat(
                        FsOptions.parse(
                                List.of(
                                        "--quick",
                                        "--pairs",
                                        "7",
                                        "--checkpoints",
                                        "5",
                                        "--state-mebibytes",
                                        "2048")))
                .isEqualTo(new FsOptions(7, 5, 2048, false));
    }

    @Test
    void unknownOptionIsRefused() {
        assertThatThrownBy(() -> FsOptions.parse(List.of("--rounds", "2")))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "There is no option '--rounds'. Valid are: --pairs, --checkpoints, --state-mebibytes, --quick, --help.");
    }
}
