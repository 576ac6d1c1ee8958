package io.sluice.testkit.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class SandboxTest {

    @TempDir Path parent;

    @Test
    void closeDeletesAllButWhatLinksPointTo() throws Exception {
        Path outside = Files.writeString(parent.resolve("outside"), "kept");
        Sandbox sandbox = Sandbox.create(parent);
        Path readOnly = Files.createDirectories(sandbox.conf().resolve("read-only"));
        Files.writeString(readOnly.resolve("config.yaml"), "a: b");
        readOnly.toFile().setWritable(false);
        Files.createSymbolicLink(sandbox.tmp().resolve("link"), outside);

        sandbox.close();
        sandbox.close();

        assertThat(sandbox.root()).doesNotExist();
        assertThat(outside).hasContent("kept");
    }

    @Test
    void logFilesDoNotReplaceEachOther() {
        try (Sandbox sandbox = Sandbox.create(parent)) {
            assertThat(sandbox.newLogFile("flink", "out").getFileName()).hasToString("flink.out");
            assertThat(sandbox.newLogFile("flink", "out").getFileName()).hasToString("flink-2.out");
        }
    }
}
