package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.classloading.ComponentClassLoader;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.util.TemporaryClassLoaderContext;
import org.apache.flink.util.WrappingProxy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;

/**
 * File systems of one of Flink's plugins, such as S3: its factory once more, in a class loader of
 * its own, with a configuration of its own.
 */
final class PluginBackend implements Backend {

    /**
     * What configures the plugins: as far as it is not the binding's own it is somebody else's.
     * Each with all prefixes that a plugin mirrors.
     */
    private static final List<String> OF_OTHERS =
            List.of(
                    "s3.",
                    "s3a.",
                    "s3p.",
                    "s3n.",
                    "fs.s3.",
                    "fs.s3a.",
                    "fs.s3n.",
                    "presto.s3.",
                    "fs.oss.",
                    "oss.",
                    "gs.",
                    "fs.gs.",
                    "fs.azure.",
                    "azure.",
                    "flink.hadoop.");

    /**
     * S3 of Hadoop waits for a server that does not answer for longer than ten minutes unless told
     * otherwise, and only then a job restarts.
     */
    private static final Map<String, String> BOUNDED =
            Map.of(
                    "connection.establish.timeout", "5000",
                    "connection.timeout", "15000",
                    "attempts.maximum", "3",
                    "retry.limit", "2");

    /** What the plugin takes in front of those. Of two that differ, neither wins for sure. */
    private static final List<String> S3_PREFIXES = List.of("fs.s3a.", "s3a.", "s3.");

    private final String scheme;
    private final FileSystemFactory factory;

    private PluginBackend(String scheme, FileSystemFactory factory) {
        this.scheme = scheme;
        this.factory = factory;
    }

    /**
     * Makes it.
     *
     * @throws IOException if no plugin has the scheme: says what to do
     */
    static PluginBackend create(BindingSettings settings, Configuration flink) throws IOException {
        FileSystemFactory stock = stock(settings);
        if (stock.getClass().getSimpleName().equals("ConnectionLimitingFactory")) {
            throw new IOException(
                    "scheme %s has limits, which hide its plugin. Remove fs.%s.limit.*; fs.%s.limit.* limits the binding."
                            .formatted(settings.scheme(), settings.scheme(), settings.name()));
        }
        FileSystemFactory own;
        try {
            own =
                    Class.forName(stock.getClass().getName(), true, ownLoader(stock, flink))
                            .asSubclass(FileSystemFactory.class)
                            .getDeclaredConstructor()
                            .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IOException(
                    "cannot make a second %s for scheme %s."
                            .formatted(stock.getClass().getName(), settings.scheme()),
                    e);
        }
        Configuration derived = new Configuration();
        flink.toMap()
                .forEach(
                        (key, value) -> {
                            if (OF_OTHERS.stream().noneMatch(key::startsWith)
                                    && !key.startsWith(MultiConfOptions.PREFIX)) {
                                derived.setString(key, value);
                            }
                        });
        BOUNDED.forEach(
                (key, value) -> {
                    if (S3_PREFIXES.stream()
                            .noneMatch(prefix -> settings.properties().containsKey(prefix + key))) {
                        derived.setString(S3_PREFIXES.get(0) + key, value);
                    }
                });
        settings.properties().forEach(derived::setString);
        own.configure(derived);
        return new PluginBackend(settings.scheme(), own);
    }

    private static FileSystemFactory stock(BindingSettings settings) throws IOException {
        return FileSystem.getRegisteredFileSystemFactories().stream()
                .filter(factory -> factory.getScheme().equals(settings.scheme()))
                .findFirst()
                .map(PluginBackend::unwrapped)
                .orElseThrow(
                        () ->
                                new IOException(
                                        "no plugin implements scheme %s. Copy the jar of one, such as flink-s3-fs-hadoop for s3, into a directory of its own below plugins/, or change %s."
                                                .formatted(
                                                        settings.scheme(),
                                                        settings.key(MultiConfOptions.SCHEME))));
    }

    @SuppressWarnings("unchecked")
    private static FileSystemFactory unwrapped(FileSystemFactory factory) {
        FileSystemFactory inner = factory;
        while (inner instanceof WrappingProxy<?> proxy) {
            inner = ((WrappingProxy<FileSystemFactory>) proxy).getWrappedDelegate();
        }
        return inner;
    }

    /** Anew for a plugin; that of Flink for a factory in lib/, which keeps what is static. */
    private static ClassLoader ownLoader(FileSystemFactory stock, Configuration flink) {
        ClassLoader loader = stock.getClass().getClassLoader();
        if (!(loader instanceof ComponentClassLoader)) {
            return loader;
        }
        URL[] urls = ((URLClassLoader) loader).getURLs();
        return new ComponentClassLoader(
                urls,
                FileSystem.class.getClassLoader(),
                CoreOptions.getPluginParentFirstLoaderPatterns(flink),
                new String[0],
                Map.of());
    }

    @Override
    public FileSystem open(@Nullable String authority) throws IOException {
        return factory.create(URI.create(scheme + "://" + (authority == null ? "" : authority)));
    }

    @Override
    public <T> T run(Action<T> action) throws IOException {
        try (TemporaryClassLoaderContext ignored =
                TemporaryClassLoaderContext.of(factory.getClass().getClassLoader())) {
            return action.run();
        }
    }

    @Override
    public @Nullable String storeId(FileSystem fileSystem, Object recoverable) {
        return null;
    }
}
