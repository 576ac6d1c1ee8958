package io.sluice.examples.wordcount;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class WordsTest {

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Words.split(text, words::add);
        return words;
    }

    @Test
    void everythingButAsciiLettersSeparates() {
        assertThat(words("Don't re-use 2nd x_y"))
                .containsExactly("don", "t", "re", "use", "nd", "x", "y");
    }

    @Test
    void bytesOfAnUtf8LetterSeparate() {
        assertThat(words("caf\u00c3\u00a9s")).containsExactly("caf", "s");
    }

    @Test
    void lettersThatOnlyLookAsciiInLowerCaseSeparate() {
        // U+212A is the Kelvin sign, whose lower case is k.
        assertThat(words("a\u212ab")).containsExactly("a", "b");
    }

    @Test
    void textWithoutALetterHasNoWord() {
        assertThat(words("")).isEmpty();
        assertThat(words(" 1, 2.")).isEmpty();
    }
}
