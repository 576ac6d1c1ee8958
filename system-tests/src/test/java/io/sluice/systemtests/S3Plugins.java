package io.sluice.systemtests;

import io.sluice.testkit.cluster.Distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes a directory of plugins with one for S3, as users do: its jar is in {@code opt/}. */
final class S3Plugins {

    /** The variable that names such a directory to the scripts. */
    static final String VARIABLE = "FLINK_PLUGINS_DIR";

    private S3Plugins() {}

    /** Links the plugin of bindings and that of S3 into a new directory, and returns it. */
    static Path link(Distribution distribution, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.createSymbolicLink(
                directory.resolve("fs-multiconf"), distribution.plugins().resolve("fs-multiconf"));
        Path s3 = Files.createDirectory(directory.resolve("s3-fs-hadoop"));
        Path jar = jar(distribution);
        Files.createSymbolicLink(s3.resolve(jar.getFileName()), jar);
        return directory;
    }

    /** Returns the jar where it is in the distribution. */
    static Path jar(Distribution distribution) throws IOException {
        Path optional = distribution.home().resolve("opt");
        try (var jars = Files.newDirectoryStream(optional, "flink-s3-fs-hadoop-*.jar")) {
            return jars.iterator().next();
        }
    }
}
