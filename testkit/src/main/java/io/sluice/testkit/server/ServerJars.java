package io.sluice.testkit.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** The directories with the jars of the servers. */
final class ServerJars {

    /** The system property that names the directory of these directories. */
    static final String PROPERTY = "sluice.servers";

    private ServerJars() {}

    /** Returns the directory with the jars of a server. */
    static Path of(String server) {
        String servers = System.getProperty(PROPERTY);
        if (servers == null || servers.isBlank()) {
            throw new IllegalStateException(
                    "The system property '%s' is not set. Set it to the directory with the jars of the servers, which is testkit/target/servers after 'mvn -pl testkit process-resources'."
                            .formatted(PROPERTY));
        }
        Path jars = Path.of(servers, server).toAbsolutePath().normalize();
        if (!Files.isDirectory(jars)) {
            throw new IllegalStateException(
                    "There are no jars of the server '%s': %s is missing. Get them by 'mvn -pl testkit process-resources', or point the system property '%s' to the directory that has '%s'."
                            .formatted(server, jars, PROPERTY, server));
        }
        return jars;
    }
}
