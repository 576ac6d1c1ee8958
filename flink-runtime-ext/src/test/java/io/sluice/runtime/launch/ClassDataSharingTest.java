package io.sluice.runtime.launch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Held against the JVM itself: it must use an archive exactly when we say that it can. */
class ClassDataSharingTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir static Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseG1GC",
                "-XX:+UseSerialGC",
                "-XX:+UseParallelGC",
                "-XX:+UseShenandoahGC",
                "-Xmx31g",
                "-XX:+UseZGC",
                "-Xmx32g",
                "-Xmx34359738368",
                "-XX:-UseCompressedOops",
                "-XX:ObjectAlignmentInBytes=16",
                "-Xshare:off",
                "-Xmx32g -Xmx1g"
            })
    void agreesWithTheJvm(String arguments) throws Exception {
        List<String> words = Arrays.asList(arguments.split(" "));

        boolean used = usesArchive(words);

        assertThat(ClassDataSharing.obstacle(words).isEmpty()).isEqualTo(used);
    }

    @Test
    void namesTheArgument() {
        assertThat(ClassDataSharing.obstacle(List.of("-Xmx40g")))
                .hasValue("-Xmx40g is a heap of 32 GiB or more");
        assertThat(ClassDataSharing.obstacle(List.of("-Xmx1g", "-XX:+UseZGC")))
                .hasValue("-XX:+UseZGC is set");
    }

    /** Whether a JVM with these arguments maps a dynamic archive of this JDK. */
    private static boolean usesArchive(List<String> arguments) throws Exception {
        Path archive = directory.resolve("archive.jsa");
        if (!archive.toFile().exists()) {
            run(List.of(JAVA, "-XX:ArchiveClassesAtExit=" + archive, "-version"));
        }
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.add("-XX:SharedArchiveFile=" + archive);
        command.add("-Xlog:cds");
        command.addAll(arguments);
        command.add("-version");
        return run(command).contains("Mapped dynamic region");
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
