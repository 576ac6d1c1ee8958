package io.sluice.benchmarks.migration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a part of the benchmark in a JVM of its own, which prints where this one prints. */
final class Fork {

    /** G1, as a TaskManager has it on this many cores; what Flink opens on Java 17. */
    static final List<String> JVM_ARGUMENTS =
            List.of(
                    "-XX:+UseG1GC",
                    "-XX:-UsePerfData",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED");

    private Fork() {}

    /**
     * Returns what the JVM wrote into its file of results, whose path is its last argument.
     *
     * @param heap as {@code -Xmx} takes it
     */
    static JsonNode run(Class<?> main, String heap, List<String> arguments)
            throws IOException, InterruptedException {
        try (Sandbox sandbox = Sandbox.create()) {
            Path results = sandbox.root().resolve("results.json");
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(JVM_ARGUMENTS);
            command.addAll(
                    List.of(
                            "-Xms" + heap,
                            "-Xmx" + heap,
                            "-Djava.io.tmpdir=" + sandbox.tmp(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            main.getName()));
            command.addAll(arguments);
            command.add(results.toString());
            Process process = new ProcessBuilder(command).inheritIO().start();
            try {
                int exitCode = process.waitFor();
                if (exitCode != 0) {
                    throw new IllegalStateException(
                            "%s %s ended with exit code %d: see above."
                                    .formatted(main.getSimpleName(), arguments, exitCode));
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            return Results.read(results);
        }
    }
}
