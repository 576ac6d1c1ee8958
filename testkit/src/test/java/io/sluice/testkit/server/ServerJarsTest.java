package io.sluice.testkit.server;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ServerJarsTest {

    private final @Nullable String before = System.getProperty(ServerJars.PROPERTY);

    @TempDir Path servers;

    @AfterEach
    void restoreProperty() {
        if (before == null) {
            System.clearProperty(ServerJars.PROPERTY);
        } else {
            System.setProperty(ServerJars.PROPERTY, before);
        }
    }

    @Test
    void jarsOfAServerAreInADirectoryOfItsName() throws Exception {
        Path jars = Files.createDirectory(servers.resolve("hdfs"));
        System.setProperty(ServerJars.PROPERTY, servers.toString());

        assertThat(ServerJars.of("hdfs")).isEqualTo(jars);
    }

    @Test
    void missingPropertyIsSaid() {
        System.clearProperty(ServerJars.PROPERTY);

        assertThatThrownBy(() -> ServerJars.of("hdfs"))
                .hasMessage(
                        "The system property 'sluice.servers' is not set. Set it to the directory with the jars of the servers, which is testkit/target/servers after 'mvn -pl testkit process-resources'.");
    }

    @Test
    void missingDirectoryIsSaid() {
        System.setProperty(ServerJars.PROPERTY, servers.toString());

        assertThatThrownBy(() -> ServerJars.of("s3"))
                .hasMessage(
                        "There are no jars of the server 's3': %s is missing. Get them by 'mvn -pl testkit process-resources', or point the system property 'sluice.servers' to the directory that has 's3'."
                                .formatted(servers.resolve("s3")));
    }
}
