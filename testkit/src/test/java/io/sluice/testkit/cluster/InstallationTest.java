package io.sluice.testkit.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class InstallationTest {

    @TempDir Path directory;

    @Test
    void knowsTheDaemonsOfEachPidFile() throws Exception {
        Distribution distribution =
                new TestingDistribution(directory.resolve("home")).distribution();
        try (Sandbox sandbox = Sandbox.create(directory)) {
            Installation installation = new Installation(distribution, sandbox, Map.of());
            Files.writeString(sandbox.pid().resolve("flink-me-taskexecutor.pid"), "12\n7\n");

            assertThat(installation.daemonPids("taskexecutor")).containsExactly(12L, 7L);
            assertThat(installation.daemonPids("executor")).isEmpty();
        }
    }
}
