package io.sluice.systemtests;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;
import io.sluice.testkit.server.Kdc;
import io.sluice.testkit.server.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code flink fs check} against real servers: HDFS clusters in two Kerberos realms, one without,
 * and two S3 accounts with a bucket of the same name. All clusters have the same nameservice name.
 */
@BesideOthers
class FileSystemsCheckST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Sandbox SERVERS = Sandbox.create();

    private static Kdc kdcA;
    private static Kdc kdcB;
    private static HdfsServer hdfsA;
    private static HdfsServer hdfsB;
    private static HdfsServer open;
    private static S3Server s3One;
    private static S3Server s3Two;

    private final Bindings bindings = new Bindings(SERVERS);

    @BeforeAll
    static void start() throws InterruptedException {
        kdcA = Kdc.start(SERVERS, "A.SLUICE.TEST");
        kdcB = Kdc.start(SERVERS, "B.SLUICE.TEST");
        hdfsA = HdfsServer.builder(SERVERS, "ns1").kerberos(kdcA).start();
        hdfsB = HdfsServer.builder(SERVERS, "ns1").kerberos(kdcB).start();
        open = HdfsServer.builder(SERVERS, "ns1").start();
        s3One = S3Server.start(SERVERS, "key-one", "hush-one");
        s3Two = S3Server.start(SERVERS, "key-two", "hush-two");
        s3One.createBucket("same");
        s3Two.createBucket("same");
    }

    @AfterAll
    static void stop() {
        SERVERS.close();
    }

    @BeforeEach
    void bind() throws Exception {
        bindings.hdfs("aa", hdfsA)
                .login("aa", kdcA)
                .hdfs("bb", hdfsB)
                .login("bb", kdcB)
                .hdfs("cc", open);
        bindS3("one", s3One, "hush-one");
        bindS3("two", s3Two, "hush-two");
    }

    @Test
    void allBindingsWorkInOneProcess() throws Exception {
        Command.Result result = check();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.stdout())
                .containsPattern("BINDING +SCHEME +DIRECTORY +RESULT +WRITE MS +READ +LIST +DELETE")
                .containsPattern("aa +hdfs +aa:/tmp +ok +\\d+ +\\d+ +\\d+ +\\d+")
                .containsPattern("bb +hdfs +bb:/tmp +ok ")
                .containsPattern("cc +hdfs +cc:/tmp +ok ")
                .containsPattern("one +s3 +one:/tmp +ok ")
                .containsPattern("two +s3 +two:/tmp +ok ");
        assertThat(s3One.objects("same")).noneMatch(key -> key.contains("sluice-check"));
    }

    @Test
    void kdcThatDoesNotAnswerAndS3ThatIsDeadDelayNobodyElse() throws Exception {
        bindings.set("bb", "connect-timeout", "3 s");
        kdcB.suspend();
        s3Two.suspend();
        try {
            Command.Result result = check();

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.stdout())
                    .containsPattern("aa +hdfs +aa:/tmp +ok ")
                    .containsPattern("bb +hdfs +bb:/tmp +failed +- ")
                    .containsPattern("cc +hdfs +cc:/tmp +ok ")
                    .containsPattern("one +s3 +one:/tmp +ok ")
                    .containsPattern("two +s3 +two:/tmp +failed +- ")
                    .contains(
                            "bb: Binding bb has no connection to hdfs://ns1/ after 3 s: its login or its servers do not answer. It goes on trying; see whether they can be reached from this machine, or raise fs.multiconf.bb.connect-timeout.");
            assertThat(millis(result, "cc")).isLessThan(10_000);
        } finally {
            kdcB.resume();
            s3Two.resume();
        }
    }

    /** Returns how long the first file of a binding took, with its connection. */
    private static long millis(Command.Result result, String binding) {
        return Pattern.compile("^" + binding + " .* ok +(\\d+) ", Pattern.MULTILINE)
                .matcher(result.stdout())
                .results()
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void keytabOfSomebodyElseIsReported() throws Exception {
        Path other = SERVERS.root().resolve("other.keytab");
        kdcA.principal("somebody", other);
        bindings.set("aa", "kerberos.keytab", other.toString());

        Command.Result result = check("aa", "cc");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stdout())
                .containsPattern("cc +hdfs +cc:/tmp +ok ")
                .containsPattern(
                        "aa: Binding aa cannot connect to hdfs://ns1/: cannot log in as flink-aa@A\\.SLUICE\\.TEST with the keytab \\S+other\\.keytab: .+ See whether the keytab has a current key of that principal \\(klist -kt\\) and the KDC answers, and fs\\.multiconf\\.aa\\.kerberos\\.principal and fs\\.multiconf\\.aa\\.kerberos\\.keytab\\.");
    }

    @Test
    void wrongSecretIsReportedWithoutIt() throws Exception {
        bindS3("one", s3One, "hush-wrong");

        Command.Result result = check("one", "two");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stdout())
                .containsPattern("one +s3 +one:/tmp +failed ")
                .containsPattern("two +s3 +two:/tmp +ok ")
                .doesNotContain("hush");
        assertThat(result.stderr()).doesNotContain("hush");
    }

    @Test
    void otherDirectoryIsTried() throws Exception {
        Command.Result result = check("cc://ns1/somewhere/else");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.stdout()).containsPattern("cc +hdfs +cc://ns1/somewhere/else +ok ");
    }

    @Test
    void whatIsNoBindingIsRefused() throws Exception {
        Command.Result unknown = check("dd");
        bindings.clear();
        Command.Result none = check();

        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.stderr())
                .contains("There is no binding 'dd'. There are: aa, bb, cc, one, two.");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.stderr())
                .contains("There is no binding: set fs.multiconf.NAME.scheme in config.yaml.");
    }

    @Test
    void badBindingIsRefusedAtTheStart() throws Exception {
        bindings.set("cc", "hadoop-conf-dir", "/no/such");

        Command.Result result = check();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr())
                .contains(
                        "Binding cc: fs.multiconf.cc.hadoop-conf-dir: '/no/such' is not a directory.");
    }

    private Command.Result check(String... arguments) throws Exception {
        try (Sandbox sandbox = Sandbox.create()) {
            Distribution distribution = Distribution.fromSystemProperty();
            return new Installation(distribution, sandbox, bindings.options())
                    .command("flink", "fs", "check")
                    .args(arguments)
                    .env(
                            S3Plugins.VARIABLE,
                            S3Plugins.link(distribution, sandbox.root().resolve("plugins"))
                                    .toString())
                    .run(DEADLINE);
        }
    }

    private void bindS3(String binding, S3Server server, String secret) throws IOException {
        bindings.s3(binding, server, "key-" + binding, secret)
                // A dead server is given up within seconds.
                .set(binding, "conf.s3.connection.timeout", "1000")
                .set(binding, "conf.s3.attempts.maximum", "1")
                .set(binding, "conf.s3.retry.limit", "1");
    }
}
