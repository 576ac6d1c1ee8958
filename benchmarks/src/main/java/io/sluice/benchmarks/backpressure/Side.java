package io.sluice.benchmarks.backpressure;

import io.sluice.benchmarks.backpressure.Turns.Player;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.JobDetails.Vertex;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.cluster.SubtaskMetric;
import io.sluice.testkit.cluster.TaskManagerMemory;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JobManager, a TaskManager and the job in them, all of which stand still unless they have their
 * turn. Not thread-safe.
 */
final class Side implements Player, AutoCloseable {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));
    private static final TaskManagerMemory MEMORY = new TaskManagerMemory(256, 0);

    /** Longer than any benchmark. */
    private static final String NEVER = "10 h";

    private static final Map<String, String> CONFIGURATION =
            Map.ofEntries(
                    Map.entry("jobmanager.memory.process.size", "1g"),
                    // An eighth of what Flink has unless told otherwise: eight times as many waits.
                    Map.entry("taskmanager.memory.segment-size", "4 kb"),
                    // Collectors with threads of their own differ more from JVM to JVM.
                    Map.entry("env.java.opts.all", "-XX:+UseSerialGC"),
                    // What stands still neither answers nor is to be given up.
                    Map.entry("heartbeat.timeout", NEVER),
                    Map.entry("pekko.ask.timeout", NEVER),
                    Map.entry("slot.request.timeout", NEVER),
                    Map.entry("slot.idle.timeout", NEVER),
                    Map.entry("resourcemanager.taskmanager-timeout", NEVER),
                    Map.entry("restart-strategy.type", "none"),
                    Map.entry("metrics.fetcher.update-interval", "1 s"));

    private static final String HELD_BACK = "backPressuredTimeMsPerSecond";

    /** Less than this share of time, and the job is not what it is meant to be. */
    private static final double LEAST_HELD_BACK = 0.1;

    private final LocalCluster cluster;
    private final RecordCounts counts;
    private final Signals signals;
    private final String job;
    private final long taskManagerPid;

    private Side(LocalCluster cluster, RecordCounts counts, Signals signals, String job) {
        this.cluster = cluster;
        this.counts = counts;
        this.signals = signals;
        this.job = job;
        this.taskManagerPid = taskManagerPid(cluster);
    }

    /**
     * Starts it, with its job, and lets it stand still.
     *
     * @param sandbox left to the caller
     */
    static Side start(Distribution distribution, Sandbox sandbox, Map<String, String> configuration)
            throws IOException, InterruptedException {
        Path file = sandbox.root().resolve("records");
        RecordCounts counts = RecordCounts.in(file, ShuffleJob.PARALLELISM);
        LocalCluster cluster =
                LocalCluster.of(distribution)
                        .sandbox(sandbox)
                        .slotsPerTaskManager(ShuffleJob.PARALLELISM)
                        .config(MEMORY.toConfig())
                        .config(CONFIGURATION)
                        .config(configuration)
                        .env("JVM_ARGS", "-XX:-UsePerfData")
                        .start();
        Signals signals = null;
        boolean started = false;
        try {
            cluster.awaitReady(ShuffleJob.PARALLELISM);
            String job = submit(cluster.rest(), file);
            POLLING.until("records in the sinks", DEADLINE, () -> counts.total() > 0);
            signals = new Signals(cluster.jobManager().pid(), taskManagerPid(cluster));
            signals.suspend();
            started = true;
            return new Side(cluster, counts, signals, job);
        } finally {
            if (!started) {
                if (signals != null) {
                    signals.close();
                }
                cluster.close();
            }
        }
    }

    private static long taskManagerPid(LocalCluster cluster) {
        return cluster.taskManager(cluster.taskManagers().get(0)).pid();
    }

    private static String submit(FlinkRest rest, Path counts) throws InterruptedException {
        return rest.runJar(
                rest.uploadJar(jar()),
                ShuffleJob.class.getName(),
                null,
                List.of(counts.toString()));
    }

    /** Returns that of this module: the job needs nothing but Flink. */
    private static Path jar() {
        try {
            return Path.of(
                    ShuffleJob.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Cannot find the jar of this benchmark.", e);
        }
    }

    /** Returns what both sides have in their configuration, beside the memory. */
    static Map<String, String> configuration() {
        return CONFIGURATION;
    }

    /**
     * Runs alone for so long, and then until it is known how much its steps were held back.
     *
     * @return the share of the last seconds that each step was held back
     * @throws IllegalStateException if one that is meant to be held back was not
     */
    Map<String, Double> warmUp(Duration time) throws InterruptedException {
        resume();
        Thread.sleep(time.toMillis());
        Map<String, Double> shares = new LinkedHashMap<>();
        List<Vertex> vertices = cluster.rest().job(job).vertices();
        for (Vertex step : vertices.subList(0, vertices.size() - 1)) {
            shares.put(step.name(), awaitHeldBack(step));
        }
        requireRunning();
        suspend();
        return shares;
    }

    private double awaitHeldBack(Vertex step) throws InterruptedException {
        return POLLING.until(
                        "step '%s' to be held back for %.0f %% of its time"
                                .formatted(step.name(), 100 * LEAST_HELD_BACK),
                        DEADLINE,
                        () -> heldBack(step),
                        share -> share.isPresent() && share.get() >= LEAST_HELD_BACK)
                .orElseThrow();
    }

    private Optional<Double> heldBack(Vertex step) throws InterruptedException {
        SubtaskMetric metric =
                cluster.rest().subtaskMetrics(job, step.id(), List.of(HELD_BACK)).get(HELD_BACK);
        return Optional.ofNullable(metric).map(time -> time.sum() / step.parallelism() / 1000);
    }

    /**
     * Lets it go on, and asks how its job is.
     *
     * @throws IllegalStateException if its job has ended
     */
    void requireRunning() throws InterruptedException {
        resume();
        String status = cluster.rest().job(job).status();
        if (!status.equals("RUNNING")) {
            throw new IllegalStateException("The job is %s.".formatted(status));
        }
    }

    @Override
    public void resume() {
        signals.resume();
    }

    @Override
    public void suspend() {
        signals.suspend();
    }

    @Override
    public long records() {
        return counts.total();
    }

    @Override
    public long waits() throws IOException {
        return TaskWaits.of(taskManagerPid, ShuffleJob.THREADS);
    }

    /** Lets it go on and ends it. */
    @Override
    public void close() {
        signals.close();
        cluster.close();
    }
}
