package io.sluice.fs.multiconf.hadoop;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.fs.hdfs.HadoopFileSystem;
import org.apache.flink.runtime.fs.hdfs.HadoopFsRecoverable;
import org.apache.flink.util.TemporaryClassLoaderContext;

import io.sluice.fs.multiconf.Backend;
import io.sluice.fs.multiconf.BindingSettings;
import io.sluice.fs.multiconf.BindingSettings.Identity;
import io.sluice.fs.multiconf.MultiConfOptions;
import io.sluice.fs.multiconf.ObtainedTokens;
import io.sluice.fs.multiconf.TokenBytes;
import io.sluice.fs.multiconf.TokenSource;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.io.DataOutputBuffer;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** File systems that Hadoop implements, with a login of their own. */
public final class HadoopBackend implements Backend, TokenSource {

    /** Hadoop tries for a quarter of an hour unless told otherwise; users want to know sooner. */
    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "ipc.client.connect.timeout", "10000",
                    "ipc.client.connect.max.retries.on.timeouts", "3",
                    "hadoop.kerberos.keytab.login.autorenewal.enabled", "true");

    private static final String NAME_RULES = "hadoop.security.auth_to_local";
    private static final String NAME_RULES_OF = "hadoop.security.auth_to_local.mechanism";

    private final BindingSettings settings;
    private final Configuration configuration;
    private final UserGroupInformation user;

    /** Whether that user has only what the JobManager sends. */
    private final boolean byTokens;

    private HadoopBackend(
            BindingSettings settings,
            Configuration configuration,
            UserGroupInformation user,
            boolean byTokens) {
        this.settings = settings;
        this.configuration = configuration;
        this.user = user;
        this.byTokens = byTokens;
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
        UserGroupInformation.setConfiguration(configuration);
        return lacksKeytab(settings)
                ? new HadoopBackend(settings, configuration, TokenUser.of(settings), true)
                : new HadoopBackend(settings, configuration, login(settings), false);
    }

    private static boolean lacksKeytab(BindingSettings settings) {
        return settings.delegationTokens()
                && Files.notExists(Objects.requireNonNull(settings.identity().keytab()));
    }

    private static UserGroupInformation login(BindingSettings settings) throws IOException {
        Identity identity = settings.identity();
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
        org.apache.hadoop.fs.FileSystem made = client(authority);
        if (byTokens) {
            try {
                // A client that is made without a token would not see one that comes later.
                TokenUser.requireToken(user, made, settings);
            } catch (IOException e) {
                made.close();
                throw e;
            }
        }
        return made instanceof DistributedFileSystem hdfs
                ? new EconomicalHdfs(
                        hdfs,
                        settings.coalesceDeletes()
                                ? CoalescedDeletes.ofProcess(settings.name(), hdfs)
                                : null)
                : new HadoopFileSystem(made);
    }

    private org.apache.hadoop.fs.FileSystem client(@Nullable String authority) throws IOException {
        URI uri;
        try {
            uri = new URI(settings.scheme(), authority, "/", null, null);
        } catch (URISyntaxException e) {
            throw new IOException("'%s' is no authority.".formatted(authority), e);
        }
        try {
            return user.doAs(
                    (PrivilegedExceptionAction<org.apache.hadoop.fs.FileSystem>)
                            () -> org.apache.hadoop.fs.FileSystem.newInstance(uri, configuration));
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

    @Override
    public ObtainedTokens obtainTokens(List<String> authorities) throws IOException {
        if (byTokens) {
            throw new IOException(
                    "the keytab of %s was not there when it was needed first. Put it there, and restart this process."
                            .formatted(settings.key(MultiConfOptions.KEYTAB)));
        }
        String renewer = Objects.requireNonNull(settings.identity().principal());
        Credentials credentials = new Credentials();
        try (TemporaryClassLoaderContext ignored =
                TemporaryClassLoaderContext.of(HadoopBackend.class.getClassLoader())) {
            for (String authority : authorities) {
                try (org.apache.hadoop.fs.FileSystem files = client(authority)) {
                    Token<?>[] added =
                            user.doAs(
                                    (PrivilegedExceptionAction<Token<?>[]>)
                                            () -> files.addDelegationTokens(renewer, credentials));
                    if (added.length == 0) {
                        throw new IOException(
                                "%s has no delegation tokens. See %s and %s."
                                        .formatted(
                                                files.getUri(),
                                                settings.key(MultiConfOptions.TOKEN_AUTHORITIES),
                                                settings.key(MultiConfOptions.HADOOP_CONF_DIR)));
                    }
                }
            }
            // They are made for a proxy user, and renewed by the principal.
            UserGroupInformation real = Objects.requireNonNullElse(user.getRealUser(), user);
            long validUntilMillis =
                    real.doAs((PrivilegedExceptionAction<Long>) () -> renewed(credentials));
            DataOutputBuffer bytes = new DataOutputBuffer();
            credentials.writeTokenStorageToStream(bytes);
            return new ObtainedTokens(
                    TokenBytes.of(Arrays.copyOf(bytes.getData(), bytes.getLength())),
                    Instant.ofEpochMilli(validUntilMillis));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Returns when the first one ends, which servers tell only when they renew one; tomorrow if
     * none tells.
     */
    private long renewed(Credentials credentials) throws IOException, InterruptedException {
        long validUntilMillis = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
        for (Token<?> token : credentials.getAllTokens()) {
            if (token.isManaged()) {
                validUntilMillis = Math.min(validUntilMillis, token.renew(configuration));
            }
        }
        return validUntilMillis;
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
            return identity.user() == null && identity.proxyUser() == null && !byTokens
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
        return fileSystem instanceof EconomicalHdfs hdfs
                        && recoverable instanceof HadoopFsRecoverable file
                ? hdfs.blockPool().of(file.tempFile(), file.targetFile())
                : null;
    }
}
