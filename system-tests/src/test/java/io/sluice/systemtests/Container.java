package io.sluice.systemtests;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a container of the image sees: a home of its own with a configuration in it, none of the
 * variables that {@code bin/} knows, and a user whom file permissions bind.
 *
 * @param home a copy of the distribution, in the image {@code /opt/flink}
 */
record Container(Sandbox sandbox, Distribution home) {

    static Container create(Sandbox sandbox, String name) {
        return new Container(
                sandbox, Distribution.fromSystemProperty().copyTo(sandbox.root().resolve(name)));
    }

    /** Returns the entry point with its arguments. */
    Command entrypoint(String... arguments) {
        Command command =
                Command.of(sandbox, home.script("docker-entrypoint.sh"), arguments)
                        .env("TMPDIR", sandbox.tmp().toString())
                        .env("SLUICE_CDS", "off");
        // Root, as whom many a CI runs, may write what is read-only, unless it gives that up.
        return "root".equals(System.getProperty("user.name"))
                ? command.behind("setpriv", "--bounding-set=-dac_override", "--")
                : command;
    }

    Path config() {
        return home.conf().resolve("config.yaml");
    }

    /** Puts {@code files}, by their names, in the place of the configuration, and protects them. */
    void mountConfiguration(Map<String, String> files) throws IOException {
        for (Path old : list(home.conf())) {
            Files.delete(old);
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(home.conf().resolve(file.getKey()), file.getValue());
        }
        protectConfiguration();
    }

    /** Makes the configuration read-only, as one that is mounted. */
    void protectConfiguration() throws IOException {
        for (Path file : list(home.conf())) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        }
        Files.setPosixFilePermissions(home.conf(), PosixFilePermissions.fromString("r-xr-xr-x"));
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
