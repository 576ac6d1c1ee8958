package io.sluice.state.adaptive.pressure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** One short JVM per collector that this Java has. */
class HeapPressureMonitorIT {

    private static final long MAX_KIB = 128 << 10;

    @TempDir private Path folder;

    /** Not every build of Java has Shenandoah. */
    static Stream<String> collectors() {
        return Stream.of("Serial", "Parallel", "G1", "Z", "Shenandoah")
                .filter(HeapPressureMonitorIT::isPresent);
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void heldHeapIsSeenAndSoIsItsRelease(String collector) throws Exception {
        List<String> lines =
                run(
                        collector,
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeldHeap.class.getName());

        long heldKib = liveKib(lines, "held");
        long releasedKib = liveKib(lines, "released");
        assertThat(heldKib).as("%s", lines).isBetween(MAX_KIB * 55 / 100, MAX_KIB * 85 / 100);
        assertThat(releasedKib).as("%s", lines).isBetween(MAX_KIB * 8 / 100, MAX_KIB * 35 / 100);
    }

    @Test
    void serialParallelAndG1ArePresent() {
        assertThat(collectors()).contains("Serial", "Parallel", "G1");
    }

    /** Returns the fourth column of the line of {@code phase}. */
    private static long liveKib(List<String> lines, String phase) {
        return lines.stream()
                .filter(line -> line.startsWith(phase + " "))
                .map(line -> Long.parseLong(line.split(" ", -1)[3]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No line of " + phase + " in " + lines));
    }

    private static boolean isPresent(String collector) {
        try {
            Path output = Files.createTempFile("java-version", ".txt");
            try {
                return start(output, collector, List.of("-version")).waitFor() == 0;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new AssertionError("Cannot start java", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    private List<String> run(String collector, String... arguments) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = start(output, collector, List.of(arguments));
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(ended).as("ended: %s", lines).isTrue();
        assertThat(process.exitValue()).as("%s", lines).isZero();
        return lines;
    }

    private static Process start(Path output, String collector, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+Use" + collector + "GC");
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
