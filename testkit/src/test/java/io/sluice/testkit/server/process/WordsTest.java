package io.sluice.testkit.server.process;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class WordsTest {

    @Test
    void anyTextsAreOneLineOfAscii() {
        List<String> texts = List.of("a b", "", "two\nlines", "+%&=", "größer", "");

        String words = Words.encode(texts);

        assertThat(words).matches("[!-~ ]+");
        assertThat(Words.decode(words)).isEqualTo(texts);
    }

    @Test
    void noTextIsNotOneThatIsEmpty() {
        assertThat(Words.decode(Words.encode(List.of()))).isEmpty();
        assertThat(Words.decode(Words.encode(List.of("")))).containsExactly("");
    }
}
