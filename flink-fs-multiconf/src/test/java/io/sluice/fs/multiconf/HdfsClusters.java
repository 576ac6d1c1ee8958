package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;

import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * HDFS clusters in processes of their own, all with the same nameservice name, and a binding to
 * each of them. Started when they are needed first, and ended with this JVM.
 */
final class HdfsClusters {

    static final String NAMESERVICE = "ns1";

    private static final Map<String, HdfsServer> STARTED = new HashMap<>();
    private static final Sandbox SANDBOX = Sandbox.create(Path.of("target").toAbsolutePath());

    private HdfsClusters() {}

    /** Returns the one behind a binding. */
    static synchronized HdfsServer of(String binding) {
        return STARTED.computeIfAbsent(
                binding,
                any -> {
                    try {
                        HdfsServer started =
                                HdfsServer.builder(SANDBOX, NAMESERVICE)
                                        .replication(binding.equals("bbHDFS") ? 2 : 1)
                                        .start();
                        started.writeClientConfiguration(configurationOf(binding));
                        return started;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException(e);
                    }
                });
    }

    static Path configurationOf(String binding) {
        return SANDBOX.directory("conf-" + binding);
    }

    /** Starts the clusters of these bindings, and makes Flink know them. */
    static Configuration bind(String... bindings) {
        Configuration configuration = new Configuration();
        for (String binding : bindings) {
            of(binding);
            configuration.setString("fs.multiconf.%s.scheme".formatted(binding), "hdfs");
            configuration.setString(
                    "fs.multiconf.%s.hadoop-conf-dir".formatted(binding),
                    configurationOf(binding).toString());
            // The clusters end with this JVM: closing what a test left open would wait for them.
            configuration.setString(
                    "fs.multiconf.%s.conf.fs.automatic.close".formatted(binding), "false");
        }
        FileSystem.initialize(configuration, null);
        return configuration;
    }
}
