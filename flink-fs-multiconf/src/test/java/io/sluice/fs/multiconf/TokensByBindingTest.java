package io.sluice.fs.multiconf;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TokensByBindingTest {

    private final TokensByBinding tokens =
            new TokensByBinding(Map.of("aa", bytes("of a"), "bb", bytes("")));

    @Test
    void eachBindingGetsItsOwnBack() throws IOException {
        TokensByBinding read = TokensByBinding.read(tokens.serialized());

        assertThat(read.tokens()).containsOnlyKeys("aa", "bb");
        assertThat(Objects.requireNonNull(read.tokens().get("aa")).copy())
                .isEqualTo("of a".getBytes(StandardCharsets.UTF_8));
        assertThat(Objects.requireNonNull(read.tokens().get("bb")).copy()).isEmpty();
    }

    @Test
    void noBindingHasAny() throws IOException {
        byte[] serialized = new TokensByBinding(Map.of()).serialized();

        assertThat(TokensByBinding.read(serialized).tokens()).isEmpty();
    }

    @Test
    void otherVersionIsRefused() {
        byte[] serialized = tokens.serialized();
        serialized[0] = 7;

        assertThatThrownBy(() -> TokensByBinding.read(serialized))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot read delegation tokens of version 7: this process knows version 1. JobManager and TaskManagers must have the same plugin fs-multiconf.");
    }

    @Test
    void whatIsCutOffIsRefused() {
        byte[] one = new TokensByBinding(Map.of("aa", bytes("of a"))).serialized();

        assertThatThrownBy(() -> TokensByBinding.read(Arrays.copyOf(one, one.length - 1)))
                .isInstanceOf(IOException.class)
                .hasMessage("Delegation tokens of binding aa are cut off after 3 of 4 bytes.");
        assertThatThrownBy(() -> TokensByBinding.read(Arrays.copyOf(one, 3)))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void tokensAreNotPrinted() {
        assertThat(tokens.toString())
                .contains("aa=delegation tokens of 4 bytes", "bb=delegation tokens of 0 bytes")
                .doesNotContain("of a");
    }

    private static TokenBytes bytes(String text) {
        return TokenBytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
