package io.sluice.benchmarks.survival;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.benchmarks.survival.Course.Reading;
import io.sluice.benchmarks.survival.Outcome.Died;
import io.sluice.benchmarks.survival.Outcome.Failed;
import io.sluice.benchmarks.survival.Outcome.Finished;
import io.sluice.examples.nexmark.AuctionLedgerJob;
import io.sluice.examples.nexmark.AuctionLedgers;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Await.AwaitTimeoutException;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.cluster.SubtaskMetric;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One run of the ledger job at full speed, on a JobManager and a TaskManager of its own, until the
 * job ends or the TaskManager does. Not thread-safe.
 */
final class SurvivalRun {

    /** The state of so many is about half of the heap that ours has. */
    private static final long ON_HEAP_RECORDS = 80_000;

    private static final int SLOTS = 2;

    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));
    private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");

    private static final String RECORDS = "numRecordsIn";

    private final NexmarkSettings stream;
    private final AuctionLedgers expected;
    private final LocalCluster cluster;
    private final LaunchedProcess taskManager;

    private final List<Reading> readings = new ArrayList<>();
    private long memoryMebibytes;

    private SurvivalRun(NexmarkSettings stream, AuctionLedgers expected, LocalCluster cluster) {
        this.stream = stream;
        this.expected = expected;
        this.cluster = cluster;
        this.taskManager = cluster.taskManager(cluster.taskManagers().get(0));
    }

    /** Returns the stream of so many events: no auction closes before its end. */
    static NexmarkSettings stream(int events) {
        return NexmarkSettings.defaults().withEvents(events).withAuctionsLeftOpen(1000);
    }

    /** Runs the job, in a sandbox that is left to the caller. */
    static Outcome run(
            Contender contender,
            Distribution distribution,
            Sandbox sandbox,
            NexmarkSettings stream,
            AuctionLedgers expected)
            throws IOException, InterruptedException {
        try (LocalCluster cluster =
                LocalCluster.of(distribution)
                        .sandbox(sandbox)
                        .slotsPerTaskManager(SLOTS)
                        .config(contender.memory().toConfig())
                        .config(contender.tuning())
                        .config("state.backend.type", contender.backend())
                        .config("jobmanager.memory.process.size", "1g")
                        // The JVM says so and ends at the first OutOfMemoryError of any thread.
                        .config("env.java.opts.taskmanager", "-XX:+ExitOnOutOfMemoryError")
                        .config("execution.checkpointing.interval", "4s")
                        .config("execution.checkpointing.incremental", "true")
                        // A run that has to start again is not one that survived.
                        .config("restart-strategy.type", "none")
                        .config("metrics.fetcher.update-interval", "100ms")
                        .env("JVM_ARGS", "-XX:-UsePerfData")
                        .start()) {
            cluster.awaitReady(SLOTS);
            return new SurvivalRun(stream, expected, cluster).run(sandbox.directory("output"));
        }
    }

    private Outcome run(Path output) throws IOException, InterruptedException {
        String job = submit(output);
        long startMillis = System.currentTimeMillis();
        FlinkRest rest = cluster.rest();
        String vertex = rest.job(job).vertex(AuctionLedgerJob.OPERATOR).id();
        try {
            POLLING.until(
                    "the end of the job or of its TaskManager",
                    DEADLINE,
                    () -> !taskManager.isAlive() || hasEnded(job, vertex));
        } catch (AwaitTimeoutException e) {
            return new Failed("It did not end within %d s.".formatted(DEADLINE.toSeconds()));
        }
        if (!taskManager.isAlive()) {
            return death(startMillis);
        }
        String status = rest.job(job).status();
        if (!status.equals("FINISHED")) {
            return new Failed(
                    "The job ended as %s: %s"
                            .formatted(
                                    status,
                                    rest.failures(job).stream()
                                            .findFirst()
                                            .map(failure -> firstLine(failure.stackTrace()))
                                            .orElse("for no reason that Flink gives")));
        }
        return finished(rest, job, vertex, output);
    }

    private String submit(Path output) throws InterruptedException {
        List<String> arguments = new ArrayList<>(stream.toArguments());
        arguments.addAll(
                List.of("--parallelism", Integer.toString(SLOTS), "--output", output.toString()));
        return cluster.submit(
                List.of("-c", AuctionLedgerJob.class.getName()),
                cluster.installation().distribution().examples().resolve("nexmark.jar"),
                arguments.toArray(String[]::new));
    }

    private boolean hasEnded(String job, String vertex) throws InterruptedException {
        FlinkRest rest = cluster.rest();
        read(rest, job, vertex);
        new LinuxProcess(taskManager.pid())
                .peakMemoryMebibytes()
                .ifPresent(peak -> memoryMebibytes = peak);
        return ENDED.contains(rest.job(job).status());
    }

    private void read(FlinkRest rest, String job, String vertex) throws InterruptedException {
        Map<String, SubtaskMetric> taken = rest.subtaskMetrics(job, vertex, List.of(RECORDS));
        long atMillis = System.currentTimeMillis();
        taken.values().forEach(records -> add(new Reading(atMillis, (long) records.sum())));
    }

    /** Metrics are read more often than they change. */
    private void add(Reading reading) {
        long last = readings.isEmpty() ? 0 : readings.get(readings.size() - 1).records();
        if (reading.records() > last) {
            readings.add(reading);
        }
    }

    private Outcome death(long startMillis) {
        Duration after = Duration.ofMillis(System.currentTimeMillis() - startMillis);
        long records = new Course(startMillis, readings).records();
        return taskManager
                .outOfMemory()
                .filter(evidence -> evidence.contains("Java heap space"))
                .<Outcome>map(evidence -> new Died(after, records, evidence))
                .orElseGet(
                        () ->
                                new Failed(
                                        "The TaskManager ended with exit code %d, but not because its heap was full."
                                                .formatted(taskManager.exitCode())));
    }

    private Outcome finished(FlinkRest rest, String job, String vertex, Path output)
            throws IOException, InterruptedException {
        long startMillis = Long.MAX_VALUE;
        long endMillis = 0;
        for (JsonNode subtask :
                rest.get("/jobs/%s/vertices/%s/subtasktimes".formatted(job, vertex))
                        .required("subtasks")) {
            JsonNode timestamps = subtask.required("timestamps");
            startMillis = Math.min(startMillis, timestamps.required("RUNNING").asLong());
            endMillis = Math.max(endMillis, timestamps.required("FINISHED").asLong());
        }
        AuctionLedgers.Comparison comparison = expected.compareWith(output);
        Course course = new Course(startMillis, readings);
        return new Finished(
                comparison.exact(),
                comparison.toString(),
                course.timeOf(Math.min(ON_HEAP_RECORDS, stream.events() / 2)),
                Duration.ofMillis(endMillis - startMillis),
                course.records(),
                memoryMebibytes);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
