package io.sluice.benchmarks.session;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ArgumentsTest {

    @Test
    void readsOptionsAndFlagsInAnyOrder() {
        Arguments arguments = arguments("--quick", "--pairs", "3");

        assertThat(arguments.has("--quick")).isTrue();
        assertThat(arguments.positive("--pairs", 5)).isEqualTo(3);
        assertThat(arguments.text("--operations")).isEmpty();
    }

    @Test
    void optionThatIsNotGivenHasItsDefault() {
        assertThat(arguments().positive("--pairs", 5)).isEqualTo(5);
    }

    @Test
    void unknownOptionIsRefused() {
        assertThatThrownBy(() -> arguments("--speed"))
                .isInstanceOf(OptionException.class)
                .hasMessage(
                        "There is no option '--speed'. Valid are: --pairs, --operations, --quick, --help.");
    }

    @Test
    void optionWithoutItsValueIsRefused() {
        assertThatThrownBy(() -> arguments("--pairs"))
                .isInstanceOf(OptionException.class)
                .hasMessage("Option --pairs needs a value.");
    }

    @Test
    void numberThatIsNotAboveZeroIsRefused() {
        Arguments arguments = arguments("--pairs", "0");

        assertThatThrownBy(() -> arguments.positive("--pairs", 5))
                .isInstanceOf(OptionException.class)
                .hasMessage("Option --pairs takes a whole number above 0, not '0'.");
    }

    private static Arguments arguments(String... arguments) {
        return new Arguments(
                List.of(arguments), List.of("--pairs", "--operations"), List.of("--quick"));
    }
}
