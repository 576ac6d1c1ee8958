package io.sluice.runtime.launch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ShellWordsTest {

    @Test
    void splitsAtWhiteSpace() {
        assertThat(ShellWords.split("  -Xmx1g\t-Da=b\n-Dc ", "x"))
                .containsExactly("-Xmx1g", "-Da=b", "-Dc");
    }

    @Test
    void quotesAndBackslashesKeepWhiteSpace() {
        assertThat(ShellWords.split("-Da='b c' \"-Dd=e f\" -Dg=h\\ i ''", "x"))
                .containsExactly("-Da=b c", "-Dd=e f", "-Dg=h i", "");
    }

    @Test
    void openQuoteIsRefusedWithItsOrigin() {
        assertThatThrownBy(() -> ShellWords.split("-Da=\"b", "Option 'env.java.opts.all'"))
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
