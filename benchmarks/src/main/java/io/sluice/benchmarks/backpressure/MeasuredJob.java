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

/** A JobManager, a TaskManager and the job in them. Not thread-safe. */
final class MeasuredJob implements Player, AutoCloseable {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));
    private static final Await SWITCHING = Await.every(Duration.ofMillis(1));
    private static final TaskManagerMemory MEMORY = new TaskManagerMemory(256, 0);

    private static final Map<String, String> CONFIGURATION =
            Map.ofEntries(
                    Map.entry("jobmanager.memory.process.size", "1g"),
                    // An eighth of what Flink has unless told otherwise: eight times as many waits.
                    Map.entry("taskmanager.memory.segment-size", "4 kb"),
                    // Collectors with threads of their own differ more from JVM to JVM.
                    Map.entry("env.java.opts.all", "-XX:+UseSerialGC"),
                    // As often as the timers are looked at: nothing is left out.
                    Map.entry("sluice.backpressure.report-interval", "1 s"),
                    Map.entry("restart-strategy.type", "none"),
                    Map.entry("metrics.fetcher.update-interval", "1 s"));

    private static final String HELD_BACK = "backPressuredTimeMsPerSecond";

    /** Less than this share of time, and the job is not what it is meant to be. */
    private static final double LEAST_HELD_BACK = 0.1;

    private final LocalCluster cluster;
    private final SharedCounters counts;
    private final TrackingSwitch trackingSwitch;
    private final String job;
    private final long taskManagerPid;

    private MeasuredJob(
            LocalCluster cluster,
            SharedCounters counts,
            TrackingSwitch trackingSwitch,
            String job) {
        this.cluster = cluster;
        this.counts = counts;
        this.trackingSwitch = trackingSwitch;
        this.job = job;
        this.taskManagerPid = taskManagerPid(cluster);
    }

    /**
     * Starts them, with tracking on.
     *
     * @param sandbox left to the caller
     */
    static MeasuredJob start(
            Distribution distribution, Sandbox sandbox, Map<String, String> configuration)
            throws IOException, InterruptedException {
        Path records = sandbox.root().resolve("records");
        Path onOff = sandbox.root().resolve("switch");
        SharedCounters counts = SharedCounters.in(records, ShuffleJob.PARALLELISM);
        TrackingSwitch trackingSwitch = TrackingSwitch.in(onOff);
        LocalCluster cluster =
                LocalCluster.of(distribution)
                        .sandbox(sandbox)
                        .slotsPerTaskManager(ShuffleJob.PARALLELISM)
                        .config(MEMORY.toConfig())
                        .config(CONFIGURATION)
                        .config(configuration)
                        .env("JVM_ARGS", "-XX:-UsePerfData")
                        .start();
        boolean started = false;
        try {
            cluster.awaitReady(ShuffleJob.PARALLELISM);
            String job = submit(cluster.rest(), List.of(records.toString(), onOff.toString()));
            POLLING.until("records in the sinks", DEADLINE, () -> counts.total() > 0);
            started = true;
            return new MeasuredJob(cluster, counts, trackingSwitch, job);
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    private static long taskManagerPid(LocalCluster cluster) {
        return cluster.taskManager(cluster.taskManagers().get(0)).pid();
    }

    private static String submit(FlinkRest rest, List<String> arguments)
            throws InterruptedException {
        return rest.runJar(rest.uploadJar(jar()), ShuffleJob.class.getName(), null, arguments);
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

    /** Returns what is in the configuration of all contests, beside the memory. */
    static Map<String, String> configuration() {
        return CONFIGURATION;
    }

    /**
     * Runs for so long, and then until it is known how much its steps were held back.
     *
     * @return the share of the last seconds that each step was held back
     * @throws IllegalStateException if one that is meant to be held back was not
     */
    Map<String, Double> warmUp(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
        Map<String, Double> shares = new LinkedHashMap<>();
        List<Vertex> vertices = cluster.rest().job(job).vertices();
        for (Vertex step : vertices.subList(0, vertices.size() - 1)) {
            shares.put(step.name(), awaitHeldBack(step));
        }
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
     * Asks how the job is.
     *
     * @throws IllegalStateException if it has ended
     */
    void requireRunning() throws InterruptedException {
        String status = cluster.rest().job(job).status();
        if (!status.equals("RUNNING")) {
            throw new IllegalStateException("The job is %s.".formatted(status));
        }
    }

    @Override
    public void track(boolean on) throws InterruptedException {
        trackingSwitch.set(on);
        SWITCHING.until("tracking to be " + (on ? "on" : "off"), DEADLINE, trackingSwitch::isSet);
    }

    @Override
    public long records() {
        return counts.total();
    }

    @Override
    public long waits() throws IOException {
        return TaskWaits.of(taskManagerPid, ShuffleJob.THREADS);
    }

    @Override
    public long cpuNanos() {
        return cpuNanos(taskManagerPid) + cpuNanos(cluster.jobManager().pid());
    }

    private static long cpuNanos(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("Process %d is gone.".formatted(pid)))
                .toNanos();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
