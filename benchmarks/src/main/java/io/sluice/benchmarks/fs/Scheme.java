package io.sluice.benchmarks.fs;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.plugin.PluginUtils;

import io.sluice.testkit.server.HdfsServer;

import java.util.Map;
import java.util.TreeMap;

/** The two ways to the files of one HDFS cluster. */
enum Scheme {
    /** Flink's {@code flink-hadoop-fs}, with Hadoop on the class path. */
    PLAIN("hdfs"),

    /** A binding of ours to {@code hdfs}, in its plugin's class loader and its own. */
    BINDING("bench");

    /** Both have these, and Hadoop's defaults otherwise. */
    private static final Map<String, String> SETTINGS = Map.of("dfs.replication", "1");

    /**
     * How long whoever closes a file waits before asking again whether its blocks have come, 400 ms
     * unless told otherwise: that would be all that is measured of writing.
     */
    private static final Map<String, String> NO_PAUSE =
            Map.of("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "2");

    private final String scheme;

    Scheme(String scheme) {
        this.scheme = scheme;
    }

    /** Lets this JVM know both. Its plugins are those of the environment. */
    static void initialize() {
        Map<String, String> entries = configuration();
        addTo(entries, NO_PAUSE);
        Configuration configuration = Configuration.fromMap(entries);
        FileSystem.initialize(
                configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
    }

    /** Returns entries of Flink's configuration, with which both are known and set alike. */
    static Map<String, String> configuration() {
        Map<String, String> entries = new TreeMap<>();
        String binding = "fs.multiconf." + BINDING.scheme;
        entries.put(binding + ".scheme", PLAIN.scheme);
        addTo(entries, SETTINGS);
        return entries;
    }

    private static void addTo(Map<String, String> entries, Map<String, String> settings) {
        settings.forEach(
                (name, value) -> {
                    entries.put("flink.hadoop." + name, value);
                    entries.put("fs.multiconf." + BINDING.scheme + ".conf." + name, value);
                });
    }

    /** Returns the path of this scheme to a directory or file of the cluster. */
    Path path(HdfsServer cluster, String absolutePath) {
        return new Path("%s://%s%s".formatted(scheme, cluster.uri().getAuthority(), absolutePath));
    }
}
