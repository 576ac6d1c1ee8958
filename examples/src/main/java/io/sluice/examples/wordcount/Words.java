package io.sluice.examples.wordcount;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * Cuts text into words: runs of the ASCII letters, in lower case. Everything else separates.
 *
 * <p>Works on text that was decoded as ISO-8859-1, one character per byte. So the bytes of a UTF-8
 * letter such as é separate words, as they do for {@code tr} under {@code LC_ALL=C}.
 */
final class Words {

    private Words() {}

    static void split(String text, Consumer<String> words) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || !isLetter(text.charAt(i))) {
                if (i > start) {
                    words.accept(lowerCase(text.substring(start, i)));
                }
                start = i + 1;
            }
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static String lowerCase(String letters) {
        return letters.toLowerCase(Locale.ROOT);
    }
}
