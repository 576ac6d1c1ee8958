package io.sluice.systemtests;

import io.sluice.examples.nexmark.AuctionLedgerJob;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two HDFS clusters of the same nameservice name: one for checkpoints, one for what jobs read and
 * write. Only the schemes of the paths tell them apart.
 */
@BesideOthers
class MultiConfST {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Await POLLING = Await.every(Duration.ofMillis(200));
    private static final NexmarkSettings STREAM =
            NexmarkSettings.defaults()
                    .withEvents(72_000)
                    .withEventsPerSecond(4_000)
                    .withAuctionsLeftOpen(1000);

    private final Sandbox sandbox = Sandbox.create();
    private final Bindings bindings = new Bindings(sandbox);
    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable process : started) {
            process.close();
        }
        sandbox.close();
    }

    @Test
    void filesAreWrittenExactlyOnceAndInTheirOwnClusterThoughTaskManagersDie() throws Exception {
        bind("platform", 1);
        bind("data", 2);
        BoundFiles files = BoundFiles.of(bindings);
        started.add(files);
        BindingsCluster cluster =
                BindingsCluster.start(
                        BindingsCluster.builder()
                                .config(bindings.options())
                                .config("fs.multiconf.platform.coalesce-deletes", "true")
                                // Files that a dead TaskManager left open are what others go on
                                // from.
                                .config("sluice.checkpointing.profile", "hdfs")
                                .config("execution.checkpointing.dir", "platform:///checkpoints"));
        started.add(0, cluster);
        BoundWordCount words =
                new BoundWordCount(files, sandbox, "data://ns1/texts", "data://ns1/counts");
        words.addText("first");

        String counts = words.submit(cluster.processes(), null);
        words.awaitCounts("first");
        String ledgers = submitLedgers(cluster.processes());
        cluster.awaitCheckpoint(ledgers, counts);
        words.addText("second");
        cluster.killTaskManager(ledgers, counts);
        words.addText("third");
        cluster.killTaskManager(ledgers, counts);
        words.awaitCounts("first", "second", "third");
        cluster.awaitStatus(ledgers, "FINISHED");
        String checkpoint =
                cluster.rest().checkpoints(counts).latestCompleted().orElseThrow().path();
        requireMetrics(cluster.rest());
        cluster.rest().cancel(counts);
        cluster.awaitStatus(counts, "CANCELED");
        cluster.processes().stop();

        Path finished = Files.createDirectory(sandbox.directory("copies").resolve("ledgers"));
        files.copyFinished("data:/ledgers", finished);
        LedgerCluster.requireExact(finished, STREAM);
        words.requireExactly("first", "second", "third");
        assertThat(checkpoint).startsWith("platform:/checkpoints/" + counts);
        assertThat(files.below("platform:/"))
                .allMatch(file -> file.getPath().getPath().startsWith("/checkpoints/"))
                .allMatch(file -> file.getReplication() == 1)
                .anyMatch(file -> file.getPath().getName().equals("_metadata"))
                .anyMatch(file -> file.getPath().getPath().contains("/taskowned/"));
        assertThat(files.namesIn("data:/")).containsExactlyInAnyOrder("texts", "ledgers", "counts");
        assertThat(files.below("data:/")).isNotEmpty().allMatch(file -> file.getReplication() == 2);
    }

    @Test
    void withoutBindingsThePluginIsThereAndSaysNothing() throws Exception {
        LocalCluster cluster =
                LocalCluster.of(Distribution.fromSystemProperty()).taskManagers(0).start();
        started.add(cluster);
        cluster.awaitReady(0);

        String log = cluster.jobManager().output();

        assertThat(log).contains("creating it: fs-multiconf");
        assertThat(log.lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
                .noneMatch(line -> line.contains("multiconf") || line.contains("core.fs"));
    }

    private void bind(String binding, int replication) throws InterruptedException {
        HdfsServer server =
                HdfsServer.builder(sandbox, "ns1")
                        .replication(replication)
                        .dataNodes(replication)
                        .start();
        started.add(server);
        bindings.hdfs(binding, server);
    }

    private static void requireMetrics(FlinkRest rest) throws InterruptedException {
        String taskManager = rest.taskManagers().get(0).id();
        requireMetric(rest, "/jobmanager", "fs.binding.platform.operation.delete.numCalls");
        requireMetric(rest, "/jobmanager", "fs.binding.platform.numBytesWritten");
        requireMetric(rest, "/taskmanagers/" + taskManager, "fs.binding.data.numBytesRead");
        requireMetric(
                rest, "/taskmanagers/" + taskManager, "fs.binding.data.operation.commit.numCalls");
    }

    /** Requires that it is shown and counts. */
    private static void requireMetric(FlinkRest rest, String process, String name)
            throws InterruptedException {
        POLLING.until(
                name,
                DEADLINE,
                () -> rest.get("%s/metrics?get=%s".formatted(process, name)),
                found -> found.size() == 1 && found.get(0).get("value").asLong() > 0);
    }

    private static String submitLedgers(LocalCluster cluster) throws InterruptedException {
        List<String> arguments = new ArrayList<>(STREAM.toArguments());
        arguments.addAll(List.of("--output", "data://ns1/ledgers"));
        return cluster.submit(
                List.of("-c", AuctionLedgerJob.class.getName()),
                cluster.installation().distribution().examples().resolve("nexmark.jar"),
                arguments.toArray(String[]::new));
    }
}
