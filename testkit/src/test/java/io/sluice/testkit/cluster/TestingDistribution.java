package io.sluice.testkit.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A distribution whose scripts are a few lines of shell. */
final class TestingDistribution {

    private final Path home;

    TestingDistribution(Path home) throws IOException {
        this.home = home;
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("conf"));
        script("flink", "exit 0");
        script("jobmanager.sh", "echo \"jobmanager $*\"; exec sleep 600");
        script("taskmanager.sh", "echo \"taskmanager $*\"; exec sleep 600");
        Files.writeString(home.resolve("conf/config.yaml"), "parallelism:\n  default: 1\n");
    }

    void script(String name, String body) throws IOException {
        Path file = home.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        file.toFile().setExecutable(true);
    }

    Distribution distribution() {
        return new Distribution(home);
    }
}
