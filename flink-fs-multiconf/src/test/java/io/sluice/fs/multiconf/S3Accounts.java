package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;

import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.S3Server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * S3 servers in processes of their own, each with keys of its own and a bucket of the same name,
 * and a binding to each of them. Started when they are needed first, and ended with this JVM.
 */
final class S3Accounts {

    static final String BUCKET = "same";

    /** Made by the build: a directory with the jar of flink-s3-fs-hadoop. */
    private static final Path PLUGINS = Path.of("target", "plugins");

    private static final Map<String, S3Server> STARTED = new HashMap<>();
    private static final Sandbox SANDBOX = Sandbox.create(Path.of("target").toAbsolutePath());

    private S3Accounts() {}

    static synchronized S3Server of(String binding) {
        return STARTED.computeIfAbsent(
                binding,
                any -> {
                    try {
                        S3Server started =
                                S3Server.start(SANDBOX, "key-" + binding, secretOf(binding));
                        started.createBucket(BUCKET);
                        return started;
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException(e);
                    }
                });
    }

    static String secretOf(String binding) {
        return "hush-of-" + binding;
    }

    /** Starts the servers of these bindings, and makes Flink know them, and S3. */
    static Configuration bind(String... bindings) {
        Configuration configuration = new Configuration();
        // Nothing of this may reach a binding.
        configuration.setString("s3.endpoint", "http://127.0.0.1:1");
        configuration.setString("s3.access-key", "global");
        configuration.setString("s3.secret-key", "global");
        for (String binding : bindings) {
            String prefix = "fs.multiconf." + binding + ".";
            configuration.setString(prefix + "scheme", "s3");
            configuration.setString(prefix + "conf.s3.endpoint", of(binding).endpoint().toString());
            configuration.setString(prefix + "conf.s3.path.style.access", "true");
            configuration.setString(prefix + "conf.s3.entropy.key", "_entropy_");
            configuration.setString(prefix + "conf.s3.entropy.length", "8");
            configuration.setString(prefix + "conf-file", secrets(binding, secretOf(binding)));
        }
        initialize(configuration);
        return configuration;
    }

    static void initialize(Configuration configuration) {
        try {
            FileSystem.initialize(
                    configuration,
                    new DefaultPluginManager(
                            new DirectoryBasedPluginFinder(PLUGINS).findPlugins(),
                            CoreOptions.getPluginParentFirstLoaderPatterns(configuration)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String secrets(String binding, String secret) {
        try {
            return Files.writeString(
                            SANDBOX.root().resolve(binding + "-" + secret + ".properties"),
                            "s3.access-key=key-%s%ns3.secret-key=%s%n".formatted(binding, secret))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
