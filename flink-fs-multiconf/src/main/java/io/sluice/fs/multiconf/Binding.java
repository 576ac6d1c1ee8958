package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.TemporaryClassLoaderContext;

import io.sluice.fs.multiconf.MultiConfOptions.Isolation;
import io.sluice.fs.multiconf.routing.PathMapping;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One binding of this process: its settings, its backend, and a connection for each authority. Made
 * without any I/O; the backend is made by the first connection.
 *
 * <p><b>Threads.</b> Any.
 */
final class Binding {

    /** The only class that is named by a string: it lives in another class loader. */
    private static final String HADOOP_BACKEND = "io.sluice.fs.multiconf.hadoop.HadoopBackend";

    private static final String ENTROPY_KEY = "s3.entropy.key";

    private static final Map<Key, Binding> KNOWN = new ConcurrentHashMap<>();

    /** Hadoop's classes for all bindings that share them, by their directory. */
    private static final Map<String, ClassLoader> SHARED_LOADERS = new HashMap<>();

    private final BindingSettings settings;
    private final Configuration flink;
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();

    private volatile @Nullable Backend backend;

    /** Of Hadoop, kept when a login fails: the next attempt needs no other. Guarded by this. */
    private @Nullable ClassLoader loader;

    /** Flink configures factories anew now and then: an equal binding keeps its connections. */
    private record Key(BindingSettings settings, Map<String, String> flink) {}

    private Binding(BindingSettings settings, Configuration flink) {
        this.settings = settings;
        this.flink = flink;
    }

    static Binding of(BindingSettings settings, Configuration flink) {
        Configuration copy = new Configuration(flink);
        Map<String, String> relevant =
                settings.kind() == BindingSettings.Kind.PLUGIN ? copy.toMap() : Map.of();
        return KNOWN.computeIfAbsent(
                new Key(settings, relevant), any -> new Binding(settings, copy));
    }

    BindingSettings settings() {
        return settings;
    }

    /**
     * Returns the file system for paths with an authority; connects when it is used.
     *
     * @param authority of the paths, or null for those without
     * @throws IOException if it needs one
     */
    FileSystem fileSystem(@Nullable String authority) throws IOException {
        if (authority != null && settings.kind() == BindingSettings.Kind.LOCAL) {
            throw new IOException(
                    "Paths of binding %s are local files and have no authority: write %s:///%s instead of %s://%s."
                            .formatted(
                                    settings.name(),
                                    settings.name(),
                                    authority,
                                    settings.name(),
                                    authority));
        }
        String real = authority == null ? defaultAuthority() : authority;
        PathMapping mapping =
                new PathMapping(settings.name(), settings.scheme(), real, authority == null);
        // Those of the same authority are the same client, whether it is named or not.
        Connection connection =
                connections.computeIfAbsent(
                        Objects.requireNonNullElse(real, ""),
                        any ->
                                new Connection(
                                        settings.name(),
                                        mapping.realRoot(),
                                        settings.connectTimeout(),
                                        settings.key(MultiConfOptions.CONNECT_TIMEOUT),
                                        () -> open(real)));
        String entropyKey = settings.properties().get(ENTROPY_KEY);
        return settings.kind() == BindingSettings.Kind.PLUGIN && entropyKey != null
                ? new EntropyBindingFileSystem(this, mapping, connection, entropyKey)
                : new BindingFileSystem(this, mapping, connection);
    }

    private @Nullable String defaultAuthority() throws IOException {
        if (settings.kind() == BindingSettings.Kind.LOCAL) {
            return null;
        }
        String authority = settings.authorityOfBarePaths();
        if (authority == null) {
            throw new IOException(
                    "Paths of binding %s need an authority, as in %s://AUTHORITY/PATH: the binding has no default. Set %s, or %s in its Hadoop configuration."
                            .formatted(
                                    settings.name(),
                                    settings.name(),
                                    settings.key(MultiConfOptions.DEFAULT_AUTHORITY),
                                    BindingSettings.DEFAULT_FS));
        }
        return authority;
    }

    private FileSystem open(@Nullable String authority) throws IOException {
        Backend made = backend();
        return made.run(() -> made.open(authority));
    }

    /** Returns the backend, made if need be. */
    Backend backend() throws IOException {
        Backend present = backend;
        return present == null ? made() : present;
    }

    private synchronized Backend made() throws IOException {
        Backend present = backend;
        if (present == null) {
            present =
                    switch (settings.kind()) {
                        case LOCAL -> new LocalBackend();
                        case PLUGIN -> PluginBackend.create(settings, flink);
                        case HADOOP -> hadoopBackend(hadoopLoader());
                    };
            backend = present;
        }
        return present;
    }

    private ClassLoader hadoopLoader() throws IOException {
        ClassLoader present = loader;
        if (present == null) {
            present =
                    settings.isolation() == Isolation.SHARED
                            ? sharedLoader(settings, flink)
                            : IsolatedLoader.create(settings, flink);
            loader = present;
        }
        return present;
    }

    private Backend hadoopBackend(ClassLoader loader) throws IOException {
        try (TemporaryClassLoaderContext ignored = TemporaryClassLoaderContext.of(loader)) {
            return (Backend)
                    Class.forName(HADOOP_BACKEND, true, loader)
                            .getDeclaredMethod("create", BindingSettings.class)
                            .invoke(null, settings);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            ExceptionUtils.rethrowIfFatalErrorOrOOM(e.getCause());
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IOException(
                    "the jars of Hadoop do not fit: %s. Use those of Hadoop 3.4, or change %s."
                            .formatted(e, settings.key(MultiConfOptions.HADOOP_LIB_DIR)),
                    e);
        }
    }

    private static ClassLoader sharedLoader(BindingSettings settings, Configuration flink)
            throws IOException {
        synchronized (SHARED_LOADERS) {
            String directory = String.valueOf(settings.hadoopLibDir());
            ClassLoader present = SHARED_LOADERS.get(directory);
            if (present == null) {
                present = IsolatedLoader.create(settings, flink);
                SHARED_LOADERS.put(directory, present);
            }
            return present;
        }
    }
}
