package io.sluice.examples.wordcount;

import io.sluice.examples.FinishedFiles;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts by word: as {@link WordCountJob} wrote them, or as one loop without Flink counts them. */
public final class WordCounts {

    private WordCounts() {}

    /**
     * Reads the current count of each word from the finished files below {@code directory}, leaving
     * out those whose name starts with a dot: they may still be discarded.
     *
     * @throws IOException if a file cannot be read or holds a line that is not {@code word,count}
     */
    public static SortedMap<String, Long> read(Path directory) throws IOException {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (Path file : FinishedFiles.below(directory)) {
            for (String line : Files.readAllLines(file)) {
                Map.Entry<String, Long> entry = parse(file, line);
                counts.merge(entry.getKey(), entry.getValue(), Math::max);
            }
        }
        return Collections.unmodifiableSortedMap(counts);
    }

    /** Counts the words in plain files. Holds one file at a time in memory. */
    public static SortedMap<String, Long> count(List<Path> files) throws IOException {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (Path file : files) {
            Words.split(
                    Files.readString(file, StandardCharsets.ISO_8859_1),
                    word -> counts.merge(word, 1L, Long::sum));
        }
        return Collections.unmodifiableSortedMap(counts);
    }

    private static Map.Entry<String, Long> parse(Path file, String line) throws IOException {
        String[] fields = line.split(",", -1);
        try {
            if (fields.length == 2) {
                return Map.entry(fields[0], Long.parseLong(fields[1]));
            }
        } catch (NumberFormatException e) {
            throw unreadable(file, line, e);
        }
        throw unreadable(file, line, null);
    }

    private static IOException unreadable(Path file, String line, @Nullable Throwable cause) {
        return new IOException(
                "%s: cannot read the count '%s': it must be 'word,count'.".formatted(file, line),
                cause);
    }
}
