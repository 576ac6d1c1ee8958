package io.sluice.benchmarks.session;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.SerializationFeature;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The JSON that a run leaves behind: what ran, when, on which commit and machine, and all it
 * measured.
 */
public final class ResultFile {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final DateTimeFormatter NAME_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path file;
    private final ObjectNode root = JSON.createObjectNode();

    /**
     * Starts a document with what all benchmarks have in it.
     *
     * @param directory created if it is missing
     */
    public ResultFile(
            Path directory, String benchmark, Instant started, String commit, Machine machine) {
        this.file = directory.resolve("%s-%s.json".formatted(benchmark, NAME_TIME.format(started)));
        root.put("benchmark", benchmark).put("started", started.toString()).put("commit", commit);
        root.putObject("machine")
                .put("operatingSystem", machine.operatingSystem())
                .put("architecture", machine.architecture())
                .put("cores", machine.cores())
                .put("memoryBytes", machine.memoryBytes())
                .put("load", machine.load())
                .put("jdk", machine.jdk());
    }

    /** Returns the document, to be added to. */
    public ObjectNode root() {
        return root;
    }

    /** Writes the file and returns where it is. */
    public Path write() {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, JSON.writeValueAsString(root) + "\n");
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the results to " + file + ".", e);
        }
    }
}
