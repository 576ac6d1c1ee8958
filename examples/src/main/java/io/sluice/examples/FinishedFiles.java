package io.sluice.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that a job's file sink has finished. */
public final class FinishedFiles {

    private FinishedFiles() {}

    /**
     * Returns the files below {@code directory} in the order of their paths, without those whose
     * name starts with a dot: they may still be discarded.
     */
    public static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
