package io.sluice.systemtests;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

import io.sluice.examples.nexmark.AuctionLedgerJob;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.examples.wordcount.WordCountJob;
import io.sluice.examples.wordcount.WordCounts;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two HDFS clusters of the same nameservice name: one for checkpoints, one for what jobs read and
 * write. Only the schemes of the paths tell them apart.
 */
class MultiConfST {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Await POLLING = Await.every(Duration.ofMillis(200));
    private static final String NAMESERVICE = "ns1";
    private static final String PLATFORM = "platform";
    private static final String DATA = "data";

    private static final NexmarkSettings STREAM =
            NexmarkSettings.defaults()
                    .withEvents(72_000)
                    .withEventsPerSecond(4_000)
                    .withAuctionsLeftOpen(1000);

    private final Distribution distribution = Distribution.fromSystemProperty();
    private final Sandbox sandbox = Sandbox.create();
    private final Map<String, HdfsServer> servers = new LinkedHashMap<>();
    private final List<LocalCluster> clusters = new ArrayList<>();

    @AfterEach
    void stop() {
        clusters.forEach(LocalCluster::close);
        servers.values().forEach(HdfsServer::close);
        FileSystem.initialize(new Configuration(), null);
        sandbox.close();
    }

    @Test
    void filesAreWrittenExactlyOnceAndInTheirOwnClusterThoughTaskManagersDie() throws Exception {
        startServer(PLATFORM, 1);
        startServer(DATA, 2);
        FileSystem.initialize(Configuration.fromMap(bindingsByAddress()), null);
        LocalCluster cluster = startCluster();
        addText("first");

        String counts = submitWordCount(cluster);
        awaitCounts("first");
        String ledgers = submitLedgers(cluster);
        awaitCheckpoint(cluster, ledgers, counts);
        addText("second");
        killTaskManager(cluster, ledgers, counts);
        addText("third");
        killTaskManager(cluster, ledgers, counts);
        awaitCounts("first", "second", "third");
        POLLING.until(
                "the end of the stream",
                DEADLINE,
                () -> cluster.rest().job(ledgers),
                details -> details.status().equals("FINISHED"));
        String checkpoint =
                cluster.rest().checkpoints(counts).latestCompleted().orElseThrow().path();
        cluster.rest().cancel(counts);
        POLLING.until(
                "the end of the word count",
                DEADLINE,
                () -> cluster.rest().job(counts),
                details -> details.status().equals("CANCELED"));
        cluster.stop();

        LedgerCluster.requireExact(finished("ledgers"), STREAM);
        assertThat(linesOf(finished("counts"))).doesNotHaveDuplicates();
        assertThat(checkpoint).startsWith("platform:/checkpoints/" + counts);
        assertThat(filesBelow(new Path("platform:///")))
                .allMatch(file -> file.getPath().getPath().startsWith("/checkpoints/"))
                .allMatch(file -> file.getReplication() == 1)
                .anyMatch(file -> file.getPath().getName().equals("_metadata"))
                .anyMatch(file -> file.getPath().getPath().contains("/taskowned/"));
        assertThat(namesIn(new Path("data:///")))
                .containsExactlyInAnyOrder("texts", "ledgers", "counts");
        assertThat(filesBelow(new Path("data:///")))
                .isNotEmpty()
                .allMatch(file -> file.getReplication() == 2);
    }

    @Test
    void withoutBindingsThePluginIsThereAndSaysNothing() throws Exception {
        LocalCluster cluster = builder().taskManagers(0).start();
        clusters.add(cluster);
        cluster.awaitReady(0);

        String log = cluster.jobManager().output();

        assertThat(log).contains("creating it: fs-multiconf");
        assertThat(log.lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
                .noneMatch(line -> line.contains("multiconf") || line.contains("core.fs"));
    }

    private void startServer(String binding, int replication) throws InterruptedException {
        HdfsServer server =
                HdfsServer.builder(sandbox, NAMESERVICE)
                        .replication(replication)
                        .dataNodes(replication)
                        .start();
        servers.put(binding, server);
        server.writeClientConfiguration(configurationOf(binding));
    }

    private java.nio.file.Path configurationOf(String binding) {
        return sandbox.directory("hadoop-" + binding);
    }

    private Map<String, String> bindings() {
        Map<String, String> options = new LinkedHashMap<>();
        for (String binding : servers.keySet()) {
            options.put("fs.multiconf." + binding + ".scheme", "hdfs");
            options.put(
                    "fs.multiconf." + binding + ".hadoop-conf-dir",
                    configurationOf(binding).toString());
        }
        return options;
    }

    /** For this JVM, so that what is seen depends on no name that both clusters have. */
    private Map<String, String> bindingsByAddress() {
        Map<String, String> options = bindings();
        servers.forEach(
                (binding, server) -> {
                    options.put(
                            "fs.multiconf." + binding + ".default-authority",
                            server.uri().getAuthority());
                    options.put(
                            "fs.multiconf." + binding + ".hadoop-lib-dir",
                            distribution.plugins().resolve("fs-multiconf/hadoop").toString());
                });
        return options;
    }

    private LocalCluster.Builder builder() {
        return LocalCluster.of(distribution)
                .slotsPerTaskManager(4)
                // Most of what a test with processes of its own waits for is their second compiler.
                .env("JVM_ARGS", "-XX:TieredStopAtLevel=1");
    }

    private LocalCluster startCluster() throws InterruptedException {
        LocalCluster cluster =
                builder()
                        .config(bindings())
                        .config("parallelism.default", "2")
                        // A dead TaskManager is to be missed soon, and a job to go on soon.
                        .config("heartbeat.interval", "500 ms")
                        .config("restart-strategy.type", "exponential-delay")
                        .config("restart-strategy.exponential-delay.initial-backoff", "200 ms")
                        .config("restart-strategy.exponential-delay.max-backoff", "1 s")
                        .config("execution.checkpointing.dir", "platform:///checkpoints")
                        // Files that a dead TaskManager left open are what others go on from.
                        .config("sluice.checkpointing.profile", "hdfs")
                        .config("execution.checkpointing.interval", "500 ms")
                        // Else small state is in the metadata, and there are no other files.
                        .config("execution.checkpointing.data-inline-threshold", "0 b")
                        .start();
        clusters.add(cluster);
        cluster.awaitReady(4);
        return cluster;
    }

    private static String submitLedgers(LocalCluster cluster) throws InterruptedException {
        List<String> arguments = new ArrayList<>(STREAM.toArguments());
        arguments.addAll(List.of("--output", "data://ns1/ledgers"));
        return cluster.submit(
                List.of("-c", AuctionLedgerJob.class.getName()),
                cluster.installation().distribution().examples().resolve("nexmark.jar"),
                arguments.toArray(String[]::new));
    }

    private static String submitWordCount(LocalCluster cluster) throws InterruptedException {
        // In the JobManager, which needs the bindings for it, too; the other job is the client's.
        String jar =
                cluster.rest()
                        .uploadJar(
                                cluster.installation()
                                        .distribution()
                                        .examples()
                                        .resolve("word-count.jar"));
        return cluster.rest()
                .runJar(
                        jar,
                        WordCountJob.class.getName(),
                        null,
                        List.of(
                                "--input",
                                "data://ns1/texts",
                                "--output",
                                "data://ns1/counts",
                                "--discovery-interval",
                                "200 ms",
                                "--update-interval",
                                "200 ms"));
    }

    /**
     * Kills the only TaskManager, starts another, and waits until all jobs have gone on with it.
     */
    private static void killTaskManager(LocalCluster cluster, String... jobs)
            throws InterruptedException {
        Map<String, Long> restored = new LinkedHashMap<>();
        for (String job : jobs) {
            assertThat(cluster.rest().job(job).status()).isEqualTo("RUNNING");
            restored.put(job, cluster.rest().checkpoints(job).restored());
        }
        cluster.killTaskManager(cluster.taskManagers().get(0));
        cluster.startTaskManager();
        for (String job : jobs) {
            long before = restored.getOrDefault(job, 0L);
            POLLING.until(
                    "recovery of job " + job,
                    DEADLINE,
                    () -> cluster.rest().checkpoints(job).restored(),
                    times -> times > before);
        }
        awaitCheckpoint(cluster, jobs);
    }

    /** Waits for a checkpoint of each job that is not the one it was restored from. */
    private static void awaitCheckpoint(LocalCluster cluster, String... jobs)
            throws InterruptedException {
        for (String job : jobs) {
            POLLING.until(
                    "a checkpoint of job " + job,
                    DEADLINE,
                    () -> cluster.rest().checkpoints(job),
                    checkpoints ->
                            checkpoints.latestCompleted().map(last -> last.id()).orElse(0L)
                                    > checkpoints
                                            .latestRestored()
                                            .map(last -> last.id())
                                            .orElse(0L));
        }
    }

    /** Adds a file to what the word count reads, complete when it appears there. */
    private void addText(String name) throws IOException {
        String text = "The %s text has words, and more words.%n".formatted(name).repeat(2_000);
        Files.writeString(text(name), text);
        Path incoming = new Path("data:///texts/." + name);
        FileSystem files = incoming.getFileSystem();
        try (FSDataOutputStream out = files.create(incoming, WriteMode.NO_OVERWRITE)) {
            Files.copy(text(name), out);
        }
        assertThat(files.rename(incoming, new Path("data:///texts/" + name))).isTrue();
    }

    private java.nio.file.Path text(String name) {
        return sandbox.directory("texts").resolve(name);
    }

    private void awaitCounts(String... texts) throws Exception {
        Map<String, Long> expected =
                WordCounts.count(Arrays.stream(texts).map(this::text).toList());
        POLLING.until(
                "the counts " + expected,
                DEADLINE,
                () -> WordCounts.read(finished("counts")),
                expected::equals);
    }

    /** Copies the files that a job has finished out of HDFS. */
    private java.nio.file.Path finished(String output) throws IOException {
        java.nio.file.Path copy = Files.createTempDirectory(sandbox.directory("copies"), output);
        Path directory = new Path("data:///" + output);
        if (!directory.getFileSystem().exists(directory)) {
            return copy;
        }
        for (FileStatus file : filesBelow(directory)) {
            String name = file.getPath().getName();
            if (!name.startsWith(".")) {
                try (FSDataInputStream in = directory.getFileSystem().open(file.getPath())) {
                    Files.copy(in, copy.resolve(name));
                }
            }
        }
        return copy;
    }

    private static List<String> linesOf(java.nio.file.Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        try (var files = Files.list(directory)) {
            for (java.nio.file.Path file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static List<FileStatus> filesBelow(Path directory) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        for (FileStatus entry : directory.getFileSystem().listStatus(directory)) {
            if (entry.isDir()) {
                files.addAll(filesBelow(entry.getPath()));
            } else {
                files.add(entry);
            }
        }
        return files;
    }

    private static List<String> namesIn(Path directory) throws IOException {
        return Arrays.stream(directory.getFileSystem().listStatus(directory))
                .map(entry -> entry.getPath().getName())
                .toList();
    }
}
