package io.sluice.testkit.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A hand-written list: one entry a line, columns separated by blanks, {@code #} for comments. */
final class Listing {

    private Listing() {}

    /** Returns the lines that are neither blank nor a comment. */
    static List<String> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    static List<String> columns(String line) {
        return List.of(line.split("\\s+"));
    }
}
