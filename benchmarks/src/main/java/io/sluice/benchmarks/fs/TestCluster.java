package io.sluice.benchmarks.fs;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.GiveUpException;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.cluster.Subtask;
import io.sluice.testkit.cluster.TaskManagerMemory;
import io.sluice.testkit.server.HdfsServer;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JobManager and two TaskManagers of the distribution that know both schemes, for jobs side by
 * side, each with a HDFS cluster of its own so that its calls are known.
 */
final class TestCluster implements AutoCloseable {

    static final int TASK_MANAGERS = 2;

    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Await POLLING = Await.every(Duration.ofMillis(200));

    /** So many looks in a row without a call, and nobody does anything anymore. */
    private static final int QUIET_LOOKS = 5;

    private final LocalCluster cluster;

    private TestCluster(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts it.
     *
     * @param sandbox left to the caller
     * @param jobs side by side
     */
    static TestCluster start(
            Distribution distribution,
            Sandbox sandbox,
            int jobs,
            TaskManagerMemory memory,
            Map<String, String> configuration)
            throws InterruptedException {
        int slots = jobs * StateJob.PARALLELISM;
        LocalCluster cluster =
                LocalCluster.of(distribution)
                        .sandbox(sandbox)
                        .taskManagers(TASK_MANAGERS)
                        .slotsPerTaskManager(slots / TASK_MANAGERS)
                        .config(memory.toConfig())
                        .config(Scheme.configuration())
                        .config("jobmanager.memory.process.size", "1g")
                        // Half of a job on each, whichever came first.
                        .config("taskmanager.load-balance.mode", "SLOTS")
                        .config("execution.checkpointing.interval", "10 h")
                        .config("execution.checkpointing.timeout", "5 min")
                        .config("restart-strategy.type", "none")
                        .config("metrics.fetcher.update-interval", "500 ms")
                        .config(configuration)
                        // The plain scheme finds Hadoop there, as in stock Flink.
                        .env("HADOOP_CLASSPATH", hadoop(distribution))
                        .env("JVM_ARGS", "-XX:-UsePerfData -XX:+UseSerialGC")
                        .start();
        TestCluster started = new TestCluster(cluster);
        boolean ready = false;
        try {
            cluster.awaitReady(slots);
            ready = true;
            return started;
        } finally {
            if (!ready) {
                started.close();
            }
        }
    }

    /** Returns the jars that the plugin has for its bindings. Flink's own is in lib/, too. */
    private static String hadoop(Distribution distribution) {
        Path directory = distribution.plugins().resolve("fs-multiconf/hadoop");
        try (Stream<Path> jars = Files.list(directory)) {
            return jars.filter(jar -> !jar.getFileName().toString().startsWith("flink-"))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new IllegalStateException("There is no Hadoop in %s.".formatted(directory), e);
        }
    }

    /** Runs a main class of this module's jar and returns the job's id when all of it runs. */
    String submit(Class<?> main, Map<String, String> options, List<String> arguments)
            throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("-c", main.getName()));
        options.forEach((key, value) -> words.add("-D%s=%s".formatted(key, value)));
        String job = cluster.submit(words, jar(), arguments.toArray(String[]::new));
        POLLING.until("all tasks", DEADLINE, () -> rest().job(job).allTasksRunning());
        return job;
    }

    private static Path jar() {
        try {
            return Path.of(
                    StateJob.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Cannot find the jar of this benchmark.", e);
        }
    }

    /** Returns on how many TaskManagers an operator of a job is. */
    int taskManagersOf(String job, String operator) throws InterruptedException {
        Set<String> names = new TreeSet<>();
        for (Subtask subtask : rest().subtasks(job, rest().job(job).vertex(operator).id())) {
            names.add(subtask.taskManager());
        }
        return names.size();
    }

    /** Waits until an operator has read so many records. */
    void awaitRecords(String job, String operator, long records) throws InterruptedException {
        POLLING.until(
                "%d records in '%s'".formatted(records, operator),
                DEADLINE,
                () -> {
                    requireRunning(job);
                    return recordsOf(job, operator);
                },
                read -> read >= records);
    }

    private long recordsOf(String job, String operator) throws InterruptedException {
        for (JsonNode vertex : rest().get("/jobs/" + job).required("vertices")) {
            if (vertex.required("name").asText().contains(operator)) {
                return vertex.required("metrics").required("read-records").asLong();
            }
        }
        return 0;
    }

    private void requireRunning(String job) throws InterruptedException {
        String status = rest().job(job).status();
        if (!status.equals("RUNNING")) {
            throw new GiveUpException(
                    "Job %s is %s: %s".formatted(job, status, rest().failures(job)));
        }
    }

    /**
     * Takes a checkpoint, and waits until what it replaces is deleted.
     *
     * @param before calls until the end of what was done before
     */
    Checkpoint checkpoint(String job, HdfsServer files, Calls before) throws InterruptedException {
        long id = checkpoint(job);
        Calls calls = awaitQuiet(files).since(before);
        // Flink gives an answer again for some seconds.
        JsonNode statistics =
                POLLING.until(
                        "the statistics of checkpoint %d".formatted(id),
                        DEADLINE,
                        () -> rest().get("/jobs/%s/checkpoints/details/%d".formatted(job, id)),
                        answer -> answer.required("status").asText().equals("COMPLETED"));
        return Checkpoint.of(statistics, calls);
    }

    /** Takes a checkpoint and returns its id. */
    long checkpoint(String job) throws InterruptedException {
        return rest().checkpoint(job, DEADLINE);
    }

    /** Waits until nobody calls, and returns the calls until then. */
    static Calls awaitQuiet(HdfsServer files) throws InterruptedException {
        long[] last = {-1, 0};
        return POLLING.until(
                "the end of all calls",
                DEADLINE,
                () -> {
                    Calls now = new Calls(files.nameNodeCalls());
                    last[1] = now.caused() == last[0] ? last[1] + 1 : 0;
                    last[0] = now.caused();
                    return now;
                },
                now -> last[1] >= QUIET_LOOKS);
    }

    void cancel(String job) throws InterruptedException {
        rest().cancel(job);
        POLLING.until(
                "the end of job " + job,
                DEADLINE,
                () -> rest().job(job).status(),
                status -> status.equals("CANCELED"));
    }

    private FlinkRest rest() {
        return cluster.rest();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
