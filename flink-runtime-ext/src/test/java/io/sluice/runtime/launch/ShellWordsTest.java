package io.sluice.runtime.launch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ShellWordsTest {

    @Test
    void splitsAtWhiteSpace() {
        assertThat(ShellWords.split("  -Xmx1g\t-Da=b\n-Dc ", "x", Map.of()))
                .containsExactly("-Xmx1g", "-Da=b", "-Dc");
    }

    @Test
    void quotesAndBackslashesKeepWhiteSpace() {
        assertThat(ShellWords.split("-Da='b c' \"-Dd=e f\" -Dg=h\\ i ''", "x", Map.of()))
                .containsExactly("-Da=b c", "-Dd=e f", "-Dg=h i", "");
    }

    @Test
    void variablesAreReplacedButNotInSingleQuotes() {
        assertThat(
                        ShellWords.split(
                                "-Da=$POD -Db=\"${POD}/x\" '-Dc=$POD' -Dd=${NONE} -De=\\$POD",
                                "x",
                                Map.of("POD", "pod 1")))
                .containsExactly("-Da=pod 1", "-Db=pod 1/x", "-Dc=$POD", "-Dd=${NONE}", "-De=$POD");
    }

    @Test
    void openQuoteIsRefusedWithItsOrigin() {
        assertThatThrownBy(
                        () -> ShellWords.split("-Da=\"b", "Option 'env.java.opts.all'", Map.of()))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Option 'env.java.opts.all' has an opening \" without a closing one: -Da=\"b. Add it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "two words", "it's", "$(reboot) `x` \\ \"q\" 'r'", "a\nb"})
    void bashReadsAQuotedWordBackUnchanged(String word) throws Exception {
        Process bash =
                new ProcessBuilder("bash", "-c", "printf %s " + ShellWords.quote(word)).start();

        assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8)).isEqualTo(word);
    }
}
