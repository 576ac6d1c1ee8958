package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.classloading.ComponentClassLoader;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes class loaders with a Hadoop of their own, as Hadoop keeps logins, clients and caches in
 * static fields.
 */
final class IsolatedLoader {

    /** Of the plugin: found by Flink's plugin loader, which looks at no subdirectory. */
    private static final String DIRECTORY = "hadoop";

    /**
     * Ours with Hadoop's types, and Flink's wrapper of Hadoop; else Flink's classes are Flink's.
     */
    private static final String[] OWN = {
        "io.sluice.fs.multiconf.hadoop.",
        "org.apache.flink.runtime.fs.hdfs.",
        "org.apache.flink.runtime.util.Hadoop"
    };

    private IsolatedLoader() {}

    /**
     * Makes one.
     *
     * @throws IOException if there are no jars: says where they belong
     */
    static ClassLoader create(BindingSettings settings, Configuration flink) throws IOException {
        Path own = ownJar();
        Path directory = settings.hadoopLibDir();
        if (directory == null) {
            directory = Objects.requireNonNull(own.getParent()).resolve(DIRECTORY);
        }
        List<URL> urls = new ArrayList<>();
        urls.add(own.toUri().toURL());
        if (Files.isDirectory(directory)) {
            try (Stream<Path> entries = Files.list(directory)) {
                for (Path jar : entries.filter(IsolatedLoader::isJar).sorted().toList()) {
                    urls.add(jar.toUri().toURL());
                }
            }
        }
        if (urls.size() == 1) {
            throw new IOException(
                    "there are no jars of Hadoop in '%s'. Put hadoop-client-api, hadoop-client-runtime and flink-hadoop-fs there, or name another directory with %s."
                            .formatted(directory, settings.key(MultiConfOptions.HADOOP_LIB_DIR)));
        }
        List<String> ofFlink =
                new ArrayList<>(List.of(CoreOptions.getPluginParentFirstLoaderPatterns(flink)));
        ofFlink.add("io.sluice.fs.multiconf.");
        return new ComponentClassLoader(
                urls.toArray(URL[]::new),
                IsolatedLoader.class.getClassLoader(),
                ofFlink.toArray(String[]::new),
                OWN,
                Map.of());
    }

    private static boolean isJar(Path file) {
        return file.toString().endsWith(".jar");
    }

    private static Path ownJar() {
        try {
            return Path.of(
                    IsolatedLoader.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Cannot find the jar of this plugin.", e);
        }
    }
}
