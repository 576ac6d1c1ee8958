package io.sluice.testkit.server.process;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Any texts as words of one line, in ASCII. */
public final class Words {

    private Words() {}

    /** Returns the words, each with a space before it. */
    public static String encode(List<String> texts) {
        StringBuilder words = new StringBuilder();
        for (String text : texts) {
            words.append(' ').append(URLEncoder.encode(text, StandardCharsets.UTF_8));
        }
        return words.toString();
    }

    /** Returns what was given to {@link #encode}. */
    public static List<String> decode(String words) {
        if (words.isEmpty()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (String word : words.substring(1).split(" ", -1)) {
            texts.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
        }
        return texts;
    }
}
