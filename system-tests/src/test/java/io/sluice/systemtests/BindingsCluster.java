package io.sluice.systemtests;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.JobCheckpoints;
import io.sluice.testkit.cluster.JobCheckpoints.Snapshot;
import io.sluice.testkit.cluster.LocalCluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A JobManager and one TaskManager with bindings, whose jobs go on soon after a failure. */
final class BindingsCluster implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofMinutes(1);
    static final Await POLLING = Await.every(Duration.ofMillis(200));

    private static final int SLOTS = 4;

    private final LocalCluster cluster;

    private BindingsCluster(LocalCluster cluster) {
        this.cluster = cluster;
    }

    static LocalCluster.Builder builder() {
        return LocalCluster.of(Distribution.fromSystemProperty())
                .slotsPerTaskManager(SLOTS)
                .config("parallelism.default", "2")
                // A dead TaskManager is to be missed soon, and a job to go on soon.
                .config("heartbeat.interval", "500 ms")
                .config("restart-strategy.type", "exponential-delay")
                .config("restart-strategy.exponential-delay.initial-backoff", "200 ms")
                .config("restart-strategy.exponential-delay.max-backoff", "1 s")
                .config("execution.checkpointing.interval", "500 ms")
                // Else small state is in the metadata, and there are no other files.
                .config("execution.checkpointing.data-inline-threshold", "0 b")
                // Most of what a test with processes of its own waits for is their second compiler.
                .env("JVM_ARGS", "-XX:TieredStopAtLevel=1");
    }

    /** Starts the processes and waits for the TaskManager. */
    static BindingsCluster start(LocalCluster.Builder builder) throws InterruptedException {
        LocalCluster started = builder.start();
        try {
            started.awaitReady(SLOTS);
        } catch (InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
        return new BindingsCluster(started);
    }

    LocalCluster processes() {
        return cluster;
    }

    FlinkRest rest() {
        return cluster.rest();
    }

    /**
     * Kills the only TaskManager, starts another, and waits until all jobs have gone on with it.
     */
    void killTaskManager(String... jobs) throws InterruptedException {
        Map<String, Long> restored = new LinkedHashMap<>();
        for (String job : jobs) {
            assertThat(rest().job(job).status()).isEqualTo("RUNNING");
            restored.put(job, rest().checkpoints(job).restored());
        }
        cluster.killTaskManager(cluster.taskManagers().get(0));
        cluster.startTaskManager();
        for (String job : jobs) {
            long before = restored.getOrDefault(job, 0L);
            POLLING.until(
                    "recovery of job " + job,
                    DEADLINE,
                    () -> rest().checkpoints(job).restored(),
                    times -> times > before);
        }
        awaitCheckpoint(jobs);
    }

    /** Waits for a checkpoint of each job that is not the one it was restored from. */
    void awaitCheckpoint(String... jobs) throws InterruptedException {
        for (String job : jobs) {
            POLLING.until(
                    "a checkpoint of job " + job,
                    DEADLINE,
                    () -> rest().checkpoints(job),
                    BindingsCluster::hasOneOfItsOwn);
        }
    }

    private static boolean hasOneOfItsOwn(JobCheckpoints checkpoints) {
        return checkpoints.latestCompleted().map(Snapshot::id).orElse(0L)
                > checkpoints.latestRestored().map(Snapshot::id).orElse(0L);
    }

    void awaitStatus(String job, String status) throws InterruptedException {
        POLLING.until(
                "job %s to be %s".formatted(job, status),
                DEADLINE,
                () -> rest().job(job).status(),
                status::equals);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
