package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;
import io.sluice.testkit.server.Kdc;
import org.apache.hadoop.hdfs.security.token.delegation.DelegationTokenIdentifier;
import org.apache.hadoop.security.Credentials;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import static io.sluice.fs.multiconf.TextFiles.commit;
import static io.sluice.fs.multiconf.TextFiles.pending;
import static io.sluice.fs.multiconf.TextFiles.read;
import static io.sluice.fs.multiconf.TextFiles.restored;
import static io.sluice.fs.multiconf.TextFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A JobManager with keytabs and a TaskManager without, as far as bindings are concerned, in one
 * JVM: they differ in their configuration. Two clusters of the same nameservice name.
 */
class DelegationTokensIT {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Duration LIFETIME = Duration.ofSeconds(10);

    /** Longer than a connection without calls is kept. */
    private static final Await POLLING = Await.every(Duration.ofSeconds(1));

    private static final Sandbox SERVERS = Sandbox.create(java.nio.file.Path.of("target"));

    private static Kdc kdcA;
    private static Kdc kdcB;
    private static HdfsServer hdfsA;
    private static HdfsServer hdfsB;

    private final Configuration jobManager = new Configuration();
    private final Configuration taskManager = new Configuration();
    private final MultiConfTokenProvider provider = new MultiConfTokenProvider();
    private final MultiConfTokenReceiver receiver = new MultiConfTokenReceiver();

    @BeforeAll
    static void start() throws Exception {
        kdcA = Kdc.start(SERVERS, "A.SLUICE.TEST");
        kdcB = Kdc.start(SERVERS, "B.SLUICE.TEST");
        java.nio.file.Path krb5Conf = SERVERS.root().resolve("krb5.conf");
        Kdc.writeKrb5Conf(krb5Conf, List.of(kdcA, kdcB), Map.of());
        System.setProperty("java.security.krb5.conf", krb5Conf.toString());
        hdfsA = server("a", kdcA, LIFETIME);
        hdfsB = server("b", kdcB, Duration.ofHours(1));
    }

    private static HdfsServer server(String name, Kdc kdc, Duration lifetime)
            throws InterruptedException {
        kdc.principal("flink", keytab(name));
        HdfsServer server =
                HdfsServer.builder(SERVERS, "ns1")
                        .kerberos(kdc)
                        .hadoop(
                                "dfs.namenode.delegation.token.renew-interval",
                                Long.toString(lifetime.toMillis()))
                        .hadoop(
                                "dfs.namenode.delegation.token.max-lifetime",
                                Long.toString(lifetime.multipliedBy(2).toMillis()))
                        .hadoop("hadoop.proxyuser.flink.hosts", "*")
                        .hadoop("hadoop.proxyuser.flink.users", "*")
                        .start();
        server.writeClientConfiguration(SERVERS.directory("conf-" + name));
        return server;
    }

    @AfterAll
    static void stop() {
        SERVERS.close();
    }

    private static java.nio.file.Path keytab(String cluster) {
        return SERVERS.root().resolve(cluster + ".keytab");
    }

    @Test
    void taskManagerReadsAndWritesWithoutKeytabAndKdc() throws Exception {
        bind("tokens", "a");
        startProcesses();
        receiver.onNewTokensObtained(obtained("tokens"));
        Path target = new Path("tokens:///dir/result");

        kdcA.suspend();
        try {
            write(new Path("tokens://ns1/dir/x"), "by token");
            byte[] state = pending(target, "exactly once");
            commit(target, restored(target, state));

            assertThat(read(new Path("tokens:///dir/x"))).isEqualTo("by token");
            assertThat(read(target)).isEqualTo("exactly once");
        } finally {
            kdcA.resume();
        }
    }

    @Test
    void withoutTokensItIsSaidWhatToLookAt() throws Exception {
        bind("early", "b");
        startProcesses();
        Path file = new Path("early:///early");

        assertThatThrownBy(() -> write(file, "x"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Binding early cannot connect to hdfs://ns1/: there is no keytab '/no/such/keytab' to log in with, and no delegation tokens have arrived. If this is a TaskManager, see the JobManager's log for why it has none for this binding, and whether security.delegation.tokens.enabled is set there. Only TaskManagers get tokens: any other process needs the file of fs.multiconf.early.kerberos.keytab.");

        receiver.onNewTokensObtained(obtained("early"));
        write(file, "x");

        assertThat(read(file)).isEqualTo("x");
        assertThatThrownBy(() -> read(new Path("early", hdfsB.uri().getAuthority(), "/early")))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Binding early cannot connect to %s/: there is no keytab '/no/such/keytab' to log in with, and the delegation tokens that have arrived are not of %s. Add its authority to fs.multiconf.early.kerberos.token-authorities."
                                .formatted(hdfsB.uri(), hdfsB.uri()));
    }

    @Test
    void clientThatStaysGoesOnWithNewTokens() throws Exception {
        bind("stays", "a");
        startProcesses();
        receiver.onNewTokensObtained(obtained("stays"));
        Path file = new Path("stays:///stays");
        write(file, "here");
        FileSystem client = file.getFileSystem();

        Exception ended =
                POLLING.until(
                        "the end of the tokens",
                        DEADLINE,
                        () -> failureOf(client, file),
                        failure -> !(failure instanceof NoFailure));
        // As Flink does, which comes when it is told to.
        receiver.onNewTokensObtained(obtained("stays"));
        Instant later = Instant.now().plus(LIFETIME.multipliedBy(3));
        Exception failure =
                POLLING.until(
                        "the end of more tokens",
                        DEADLINE,
                        () -> {
                            receiver.onNewTokensObtained(
                                    provider.obtainDelegationTokens().getTokens());
                            return failureOf(client, file);
                        },
                        any -> !(any instanceof NoFailure) || Instant.now().isAfter(later));

        assertThat(ended)
                .hasMessageMatching(
                        "Binding stays is refused by hdfs://ns1/: .*(has expired|is expired|can't be found in cache).* See the JobManager's log, if this process has no keytab but delegation tokens of the JobManager, and fs\\.multiconf\\.stays\\.kerberos\\.principal and fs\\.multiconf\\.stays\\.kerberos\\.keytab\\.");
        assertThat(failure).isInstanceOf(NoFailure.class);
    }

    /** A probe that throws would be called again. */
    private static final class NoFailure extends Exception {}

    private static Exception failureOf(FileSystem client, Path file) {
        try (FSDataInputStream in = client.open(file)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("here");
            return new NoFailure();
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void tokensOfOneClusterDoNotOpenAnother() throws Exception {
        bind("one", "a");
        bind("other", "b");
        startProcesses();
        Map<String, TokenBytes> own = TokensByBinding.read(obtained("one", "other")).tokens();
        Path file = new Path("other:///file");

        receiver.onNewTokensObtained(
                new TokensByBinding(Map.of("other", Objects.requireNonNull(own.get("one"))))
                        .serialized());
        assertThatThrownBy(() -> write(file, "x"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Binding other is refused by hdfs://ns1/: ");
        receiver.onNewTokensObtained(new TokensByBinding(own).serialized());
        write(file, "of b");
        write(new Path("one:///file"), "of a");

        assertThat(read(file)).isEqualTo("of b");
        assertThat(read(new Path("one:///file"))).isEqualTo("of a");
    }

    @Test
    void nameNodeThatDoesNotAnswerKeepsNoOtherFromItsTokens() throws Exception {
        bind("alive", "b");
        bind("mute", "a");
        startProcesses();
        // Not to measure how long classes take to load.
        obtained("alive", "mute");
        MultiConfTokenProvider another = new MultiConfTokenProvider();
        another.init(jobManager);

        hdfsA.suspend();
        long startNanos = System.nanoTime();
        Map<String, TokenBytes> first;
        Duration took;
        try {
            first = TokensByBinding.read(another.obtainDelegationTokens().getTokens()).tokens();
            took = Duration.ofNanos(System.nanoTime() - startNanos);
        } finally {
            hdfsA.resume();
        }
        byte[] second = obtained(another, "alive", "mute");

        assertThat(first).containsOnlyKeys("alive");
        assertThat(took).isLessThan(Duration.ofSeconds(20));
        assertThat(TokensByBinding.read(second).tokens()).containsOnlyKeys("alive", "mute");
    }

    @Test
    void tokensAreThoseOfTheProxyUser() throws Exception {
        bind("proxy", "b");
        set("proxy", "proxy-user", "etl");
        startProcesses();
        byte[] obtained = obtained("proxy");
        receiver.onNewTokensObtained(obtained);
        write(new Path("proxy:///of-etl"), "x");

        TokenBytes own = TokensByBinding.read(obtained).tokens().get("proxy");
        Credentials credentials = new Credentials();
        credentials.readTokenStorageStream(
                new DataInputStream(new ByteArrayInputStream(Objects.requireNonNull(own).copy())));
        assertThat(credentials.getAllTokens().iterator().next().decodeIdentifier())
                .asInstanceOf(InstanceOfAssertFactories.type(DelegationTokenIdentifier.class))
                .satisfies(
                        token -> {
                            assertThat(token.getOwner()).hasToString("etl");
                            assertThat(token.getRealUser()).hasToString("flink@B.SLUICE.TEST");
                        });
        assertThat(read(new Path("proxy:///of-etl"))).isEqualTo("x");
        assertThat(new Path("proxy:///").getFileSystem().getHomeDirectory())
                .hasToString("proxy://ns1/user/etl");
    }

    private void bind(String binding, String cluster) {
        set(binding, "scheme", "hdfs");
        set(binding, "hadoop-conf-dir", SERVERS.directory("conf-" + cluster).toString());
        set(
                binding,
                "kerberos.principal",
                "flink@%s.SLUICE.TEST".formatted(cluster.toUpperCase(Locale.ROOT)));
        set(binding, "kerberos.delegation-tokens", "true");
        // The clusters end with this JVM: closing what a test left open would wait for them.
        set(binding, "conf.fs.automatic.close", "false");
        // Only a new connection shows whether a token is valid.
        set(binding, "conf.ipc.client.connection.maxidletime", "200");
        jobManager.setString(key(binding, "kerberos.keytab"), keytab(cluster).toString());
        taskManager.setString(key(binding, "kerberos.keytab"), "/no/such/keytab");
    }

    private void set(String binding, String key, String value) {
        jobManager.setString(key(binding, key), value);
        taskManager.setString(key(binding, key), value);
    }

    private static String key(String binding, String key) {
        return "fs.multiconf.%s.%s".formatted(binding, key);
    }

    private void startProcesses() {
        provider.init(jobManager);
        assertThat(provider.delegationTokensRequired()).isTrue();
        receiver.init(taskManager);
        FileSystem.initialize(taskManager, null);
    }

    private byte[] obtained(String... bindings) throws InterruptedException {
        return obtained(provider, bindings);
    }

    /** Returns what the provider has as soon as it has tokens for all of these. */
    private static byte[] obtained(MultiConfTokenProvider provider, String... bindings)
            throws InterruptedException {
        return POLLING.until(
                "tokens of " + List.of(bindings),
                DEADLINE,
                () -> provider.obtainDelegationTokens().getTokens(),
                tokens -> {
                    try {
                        return TokensByBinding.read(tokens)
                                .tokens()
                                .keySet()
                                .containsAll(List.of(bindings));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }
}
