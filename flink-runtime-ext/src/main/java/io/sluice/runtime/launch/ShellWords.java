package io.sluice.runtime.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words as a POSIX shell splits and quotes them; of its expansions, only that of variables. */
final class ShellWords {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)}|([A-Za-z_][A-Za-z0-9_]*))");

    private ShellWords() {}

    /**
     * Splits {@code text} at white space. Single quotes, double quotes and backslashes keep white
     * space inside a word. {@code $NAME} and {@code ${NAME}} outside single quotes become the value
     * of that variable, which is not split, or stay as they are where there is none.
     *
     * @param origin names where the text is from, for the error
     * @throws LaunchException if a quote is not closed
     */
    static List<String> split(String text, String origin, Map<String, String> variables) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        Matcher variable = VARIABLE.matcher(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
                inWord = true;
            } else if (c == '$' && quote != '\'' && variable.find(i) && variable.start() == i) {
                String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
                word.append(variables.getOrDefault(name, variable.group()));
                inWord = true;
                i = variable.end() - 1;
            } else if (quote != 0) {
                word.append(c);
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != 0) {
            throw new LaunchException(
                    "%s has an opening %s without a closing one: %s. Add it."
                            .formatted(origin, quote, text));
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    /** Returns {@code word} so that a shell reads it back unchanged. */
    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
