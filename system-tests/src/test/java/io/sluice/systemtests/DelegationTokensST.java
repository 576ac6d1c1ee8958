package io.sluice.systemtests;

import io.sluice.examples.wordcount.WordCountJob;
import io.sluice.examples.wordcount.WordCounts;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;
import io.sluice.testkit.server.Kdc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** A HDFS cluster with Kerberos, and a TaskManager whose machine has no keytab. */
@BesideOthers
class DelegationTokensST {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Duration LIFETIME = Duration.ofSeconds(10);
    private static final Await POLLING = Await.every(Duration.ofMillis(200));

    private final Sandbox sandbox = Sandbox.create();
    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable process : started) {
            process.close();
        }
        sandbox.close();
    }

    @Test
    void jobsGoOnLongerThanTheTokensThatTheyBeganWith() throws Exception {
        Map<String, String> binding = startServers();
        LocalCluster cluster =
                LocalCluster.of(Distribution.fromSystemProperty())
                        .taskManagers(0)
                        .slotsPerTaskManager(2)
                        .env("JVM_ARGS", "-XX:TieredStopAtLevel=1")
                        .config(binding)
                        .config("execution.checkpointing.dir", "data:///checkpoints")
                        .config("execution.checkpointing.interval", "500 ms")
                        // The second job begins before the directory that it reads is there.
                        .config("restart-strategy.type", "fixed-delay")
                        .config("restart-strategy.fixed-delay.attempts", "1000")
                        .config("restart-strategy.fixed-delay.delay", "500 ms")
                        .start();
        started.add(0, cluster);
        LaunchedProcess taskManager =
                cluster.command(
                                "taskmanager.sh",
                                "start-foreground",
                                "-Dfs.multiconf.data.kerberos.keytab=/no/such/keytab")
                        .start("without-keytab");
        started.add(0, taskManager);
        cluster.awaitReady(2);
        addText("first");

        countWords(cluster, texts().toUri().toString(), "data://ns1/counts");
        countWords(cluster, "data://ns1/counts", words().toUri().toString());
        awaitWords("first");
        long before = timesRenewed(cluster);
        POLLING.until(
                "the end of the tokens of now",
                DEADLINE,
                () -> timesRenewed(cluster),
                times -> times >= before + 2);
        addText("second");
        awaitWords("first", "second");

        assertThat(taskManager.output()).doesNotContain("is refused by", "cannot connect to");
    }

    /** New ones come after three quarters of the time for which the last ones are valid. */
    private static long timesRenewed(LocalCluster cluster) {
        return cluster.jobManager()
                .output()
                .lines()
                .filter(line -> line.contains("Binding data has new delegation tokens"))
                .count();
    }

    /** Returns the settings of the binding {@code data}, for a process that has the keytab. */
    private Map<String, String> startServers() throws InterruptedException {
        Kdc kdc = Kdc.start(sandbox, "A.SLUICE.TEST");
        started.add(kdc);
        Path krb5Conf = sandbox.root().resolve("krb5.conf");
        Kdc.writeKrb5Conf(krb5Conf, List.of(kdc), Map.of());
        HdfsServer hdfs =
                HdfsServer.builder(sandbox, "ns1")
                        .kerberos(kdc)
                        .hadoop(
                                "dfs.namenode.delegation.token.renew-interval",
                                Long.toString(LIFETIME.toMillis()))
                        .start();
        started.add(0, hdfs);
        hdfs.writeClientConfiguration(sandbox.directory("hadoop"));
        Path keytab = sandbox.root().resolve("flink.keytab");
        return Map.of(
                "env.java.opts.all",
                "-Djava.security.krb5.conf=" + krb5Conf,
                "fs.multiconf.data.scheme",
                "hdfs",
                "fs.multiconf.data.hadoop-conf-dir",
                sandbox.directory("hadoop").toString(),
                "fs.multiconf.data.kerberos.principal",
                kdc.principal("flink", keytab),
                "fs.multiconf.data.kerberos.keytab",
                keytab.toString(),
                "fs.multiconf.data.kerberos.delegation-tokens",
                "true",
                // Only a new connection shows whether a token is valid.
                "fs.multiconf.data.conf.ipc.client.connection.maxidletime",
                "200");
    }

    /** Has it submitted by the JobManager, which has the keytab. */
    private static void countWords(LocalCluster cluster, String input, String output)
            throws InterruptedException {
        String jar =
                cluster.rest()
                        .uploadJar(
                                cluster.installation()
                                        .distribution()
                                        .examples()
                                        .resolve("word-count.jar"));
        cluster.rest()
                .runJar(
                        jar,
                        WordCountJob.class.getName(),
                        null,
                        List.of(
                                "--input",
                                input,
                                "--output",
                                output,
                                "--discovery-interval",
                                "200 ms",
                                "--update-interval",
                                "200 ms"));
    }

    private Path texts() {
        return sandbox.directory("texts");
    }

    private Path words() {
        return sandbox.directory("words");
    }

    private void addText(String word) throws IOException {
        Path incoming = Files.writeString(texts().resolve("." + word), word);
        Files.move(incoming, texts().resolve(word), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The second job counts the lines that the first one has written of each word. */
    private void awaitWords(String... words) throws InterruptedException {
        POLLING.until(
                "the words " + List.of(words),
                DEADLINE,
                () -> WordCounts.read(words()).keySet(),
                seen -> seen.equals(Set.of(words)));
    }
}
