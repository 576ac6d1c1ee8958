package io.sluice.fs.multiconf.hadoop;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.fs.hdfs.HadoopFileSystem;
import org.apache.flink.runtime.fs.hdfs.HadoopFsRecoverable;
import org.apache.flink.util.TemporaryClassLoaderContext;

import io.sluice.fs.multiconf.Backend;
import io.sluice.fs.multiconf.BindingSettings;
import io.sluice.fs.multiconf.BindingSettings.Identity;
import io.sluice.fs.multiconf.MultiConfOptions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.util.ShutdownHookManager;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** File systems that Hadoop implements, with a login of their own. */
public final class HadoopBackend implements Backend {

    /** Hadoop tries for a quarter of an hour unless told otherwise; users want to know sooner. */
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "ipc.client.connect.timeout", "10000",
                    "ipc.client.connect.max.retries.on.timeouts", "3",
                    "hadoop.kerberos.keytab.login.autorenewal.enabled", "true");

    private static final Duration DELETE_DELAY = Duration.ofSeconds(10);

    private static final String NAME_RULES = "hadoop.security.auth_to_local";
    private static final String NAME_RULES_OF = "hadoop.security.auth_to_local.mechanism";

    private final BindingSettings settings;
    private final Configuration configuration;
    private final UserGroupInformation user;

    private HadoopBackend(
            BindingSettings settings, Configuration configuration, UserGroupInformation user) {
        this.settings = settings;
        this.configuration = configuration;
        this.user = user;
    }

    /**
     * Makes it, and logs in.
     *
     * @throws IOException if that is not possible: says which binding and key
     */
    public static Backend create(BindingSettings settings) throws IOException {
        Configuration configuration = new HdfsConfiguration();
        configuration.setClassLoader(HadoopBackend.class.getClassLoader());
        DEFAULTS.forEach(configuration::set);
        if (settings.identity().principal() != null
                && !settings.properties().containsKey(NAME_RULES)) {
            // Hadoop's own has no name for principals of another realm than krb5.conf's default.
            configuration.set(NAME_RULES_OF, "mit");
        }
        settings.properties().forEach(configuration::set);
        return new HadoopBackend(settings, configuration, login(settings, configuration));
    }

    private static UserGroupInformation login(BindingSettings settings, Configuration configuration)
            throws IOException {
        Identity identity = settings.identity();
        UserGroupInformation.setConfiguration(configuration);
        UserGroupInformation own;
        if (identity.principal() != null) {
            String keytab = Objects.requireNonNull(identity.keytab()).toString();
            try {
                UserGroupInformation.loginUserFromKeytab(identity.principal(), keytab);
            } catch (IOException e) {
                throw new IOException(
                        "cannot log in as %s with the keytab %s: %s. See whether the keytab has a current key of that principal (klist -kt) and the KDC answers, and %s and %s."
                                .formatted(
                                        identity.principal(),
                                        keytab,
                                        rootMessage(e),
                                        settings.key(MultiConfOptions.PRINCIPAL),
                                        settings.key(MultiConfOptions.KEYTAB)),
                        e);
            }
            own = UserGroupInformation.getLoginUser();
        } else if (identity.user() != null) {
            own = UserGroupInformation.createRemoteUser(identity.user());
        } else {
            own = UserGroupInformation.getLoginUser();
        }
        return identity.proxyUser() == null
                ? own
                : UserGroupInformation.createProxyUser(identity.proxyUser(), own);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).strip();
    }

    @Override
    public FileSystem open(@Nullable String authority) throws IOException {
        URI uri;
        try {
            uri = new URI(settings.scheme(), authority, "/", null, null);
        } catch (URISyntaxException e) {
            throw new IOException("'%s' is no authority.".formatted(authority), e);
        }
        try {
            org.apache.hadoop.fs.FileSystem made =
                    user.doAs(
                            (PrivilegedExceptionAction<org.apache.hadoop.fs.FileSystem>)
                                    () ->
                                            org.apache.hadoop.fs.FileSystem.newInstance(
                                                    uri, configuration));
            return made instanceof DistributedFileSystem hdfs
                    ? new LocatedListing(hdfs, settings.coalesceDeletes() ? coalesced(hdfs) : null)
                    : new HadoopFileSystem(made);
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw new IOException(
                        "'%s' is neither a host that is known here nor one of the binding's nameservices (%s). See %s."
                                .formatted(
                                        authority,
                                        configuration.get("dfs.nameservices", "it has none"),
                                        settings.key(MultiConfOptions.HADOOP_CONF_DIR)),
                        e);
            }
            throw new IOException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** What is put off is done before Hadoop closes its clients at the end of the process. */
    private CoalescedDeletes coalesced(DistributedFileSystem hdfs) {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        action -> {
                            Thread thread =
                                    new Thread(action, "fs-multiconf-deletes-" + settings.name());
                            thread.setDaemon(true);
                            thread.setContextClassLoader(HadoopBackend.class.getClassLoader());
                            return thread;
                        });
        CoalescedDeletes deletes = new CoalescedDeletes(hdfs, timer, DELETE_DELAY);
        ShutdownHookManager.get()
                .addShutdownHook(
                        deletes::deleteAll,
                        org.apache.hadoop.fs.FileSystem.SHUTDOWN_HOOK_PRIORITY + 1,
                        DELETE_DELAY.toSeconds(),
                        TimeUnit.SECONDS);
        return deletes;
    }

    /**
     * HDFS clients keep the user who made them; others, such as those of a key management server,
     * ask at each call.
     */
    @Override
    public <T> T run(Action<T> action) throws IOException {
        Identity identity = settings.identity();
        try (TemporaryClassLoaderContext ignored =
                TemporaryClassLoaderContext.of(HadoopBackend.class.getClassLoader())) {
            return identity.user() == null && identity.proxyUser() == null
                    ? action.run()
                    : user.doAs((PrivilegedExceptionAction<T>) action::run);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("Interrupted.");
        interrupted.initCause(e);
        return interrupted;
    }

    @Override
    public @Nullable String storeId(FileSystem fileSystem, Object recoverable) throws IOException {
        return fileSystem instanceof LocatedListing hdfs
                        && recoverable instanceof HadoopFsRecoverable file
                ? hdfs.blockPool().of(file.tempFile(), file.targetFile())
                : null;
    }
}
