package io.sluice.runtime.cli;

import org.apache.flink.core.fs.Path;

import io.sluice.runtime.cli.FileSystemProbe.Outcome;
import io.sluice.runtime.cli.FileSystemProbe.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class FileSystemProbeTest {

    @TempDir java.nio.file.Path directory;

    private long nowNanos;

    private final FileSystemProbe probe = new FileSystemProbe(() -> nowNanos += 1_000_000);

    @Test
    void fileThatWorksLeavesNothing() {
        Outcome outcome = probe.of(new Path(directory.toUri()));

        assertThat(outcome.isGood()).as(outcome.problem()).isTrue();
        assertThat(outcome.times().keySet()).containsExactly(Step.values());
        assertThat(outcome.times().values()).containsOnly(Duration.ofMillis(1));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void missingDirectoryIsMade() {
        assertThat(probe.of(new Path(directory.resolve("a/b").toUri())).isGood()).isTrue();
    }

    @Test
    void whatDoesNotWorkIsTold() throws IOException {
        java.nio.file.Path file = Files.writeString(directory.resolve("file"), "");

        Outcome outcome = probe.of(new Path(file.toUri()));

        assertThat(outcome.isGood()).isFalse();
        assertThat(outcome.times()).isEmpty();
        assertThat(outcome.problem()).contains("file");
    }

    @Test
    void unknownSchemeIsTold() {
        assertThat(probe.of(new Path("nobody://a/b")).problem())
                .startsWith("Could not find a file system implementation for scheme 'nobody'.");
    }
}
