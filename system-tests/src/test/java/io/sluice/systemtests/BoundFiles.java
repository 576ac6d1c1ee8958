package io.sluice.systemtests;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.PluginDescriptor;
import org.apache.flink.core.plugin.PluginManager;

import io.sluice.testkit.cluster.Distribution;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is behind bindings, as this JVM sees it with the same bindings. Only one at a time: Flink's
 * file systems are those of the whole JVM.
 */
final class BoundFiles implements AutoCloseable {

    private final Bindings bindings;

    private BoundFiles(Bindings bindings) {
        this.bindings = bindings;
    }

    /** Makes this JVM know the bindings as they are now. */
    static BoundFiles of(Bindings bindings) throws IOException {
        Distribution distribution = Distribution.fromSystemProperty();
        Configuration configuration =
                Configuration.fromMap(bindings.optionsByAddress(distribution));
        bindings.logIn();
        FileSystem.initialize(configuration, s3(distribution, configuration));
        return new BoundFiles(bindings);
    }

    /** From where the jar stays: Hadoop looks into it once more when this JVM ends. */
    private static PluginManager s3(Distribution distribution, Configuration configuration)
            throws IOException {
        URL jar = S3Plugins.jar(distribution).toUri().toURL();
        return new DefaultPluginManager(
                List.of(new PluginDescriptor("s3-fs-hadoop", new URL[] {jar}, new String[0])),
                CoreOptions.getPluginParentFirstLoaderPatterns(configuration));
    }

    /** Returns all files below a directory; none if there is no such directory. */
    List<FileStatus> below(String directory) throws IOException {
        Path path = new Path(directory);
        FileSystem fileSystem = path.getFileSystem();
        List<FileStatus> files = new ArrayList<>();
        if (fileSystem.exists(path)) {
            for (FileStatus entry : fileSystem.listStatus(path)) {
                if (entry.isDir()) {
                    files.addAll(below(entry.getPath().toString()));
                } else {
                    files.add(entry);
                }
            }
        }
        return files;
    }

    /** Returns the names of what is right in a directory. */
    List<String> namesIn(String directory) throws IOException {
        Path path = new Path(directory);
        return Arrays.stream(path.getFileSystem().listStatus(path))
                .map(entry -> entry.getPath().getName())
                .toList();
    }

    /** Copies the files that a job has finished below a directory into another one. */
    void copyFinished(String directory, java.nio.file.Path target) throws IOException {
        for (FileStatus file : below(directory)) {
            String name = file.getPath().getName();
            if (!name.startsWith(".") && !name.startsWith("_")) {
                try (FSDataInputStream in = file.getPath().getFileSystem().open(file.getPath())) {
                    Files.copy(in, target.resolve(name));
                }
            }
        }
    }

    @Override
    public void close() {
        bindings.logOut();
        FileSystem.initialize(new Configuration(), null);
    }
}
