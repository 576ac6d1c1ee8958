package io.sluice.systemtests;

import io.sluice.examples.nexmark.AuctionLedgerJob;
import io.sluice.examples.nexmark.AuctionLedgers;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.systemtests.faults.job.Switches;
import io.sluice.systemtests.faults.job.TallyJar;
import io.sluice.systemtests.faults.job.TallyJob;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.LocalCluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster for jobs whose state grows and whose results can be held against what they must be:
 * auction ledgers. Their state is in the adaptive backend and moves only on request.
 */
final class LedgerCluster implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofMinutes(2);
    static final Await POLLING = Await.every(Duration.ofMillis(100));

    static final String UNKNOWN_ID = "0123456789abcdef0123456789abcdef";

    private static final int SLOTS_PER_TASK_MANAGER = 2;

    private final LocalCluster cluster;

    private LedgerCluster(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /** Returns what to start; a job has a task of each kind in each slot. */
    static LocalCluster.Builder builder(int taskManagers) {
        return LocalCluster.of(Distribution.fromSystemProperty())
                .taskManagers(taskManagers)
                .slotsPerTaskManager(SLOTS_PER_TASK_MANAGER)
                .config("state.backend.type", "adaptive")
                .config("state.backend.adaptive.mode", "manual")
                .config("execution.checkpointing.incremental", "true")
                .config("web.refresh-interval", "50 ms")
                // Most of what a test with processes of its own waits for is their second compiler.
                .env("JVM_ARGS", "-XX:TieredStopAtLevel=1")
                .config(
                        "parallelism.default",
                        Integer.toString(taskManagers * SLOTS_PER_TASK_MANAGER));
    }

    /** Starts the processes and waits for the TaskManagers. */
    static LedgerCluster start(LocalCluster.Builder builder) throws InterruptedException {
        LocalCluster started = builder.start();
        try {
            started.awaitReady(started.taskManagers().size() * SLOTS_PER_TASK_MANAGER);
        } catch (InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
        return new LedgerCluster(started);
    }

    LocalCluster processes() {
        return cluster;
    }

    FlinkRest rest() {
        return cluster.rest();
    }

    Path directory(String name) {
        return cluster.installation().sandbox().directory(name);
    }

    Path output() {
        return directory("ledgers");
    }

    /**
     * @param options of {@code flink run}
     */
    String submit(List<String> options, Path output, NexmarkSettings stream)
            throws InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-c", AuctionLedgerJob.class.getName()));
        List<String> arguments = new ArrayList<>(stream.toArguments());
        arguments.addAll(List.of("--output", output.toString()));
        return cluster.submit(
                all,
                cluster.installation().distribution().examples().resolve("nexmark.jar"),
                arguments.toArray(String[]::new));
    }

    /** Starts the job that {@link Switches} hold; the TaskManagers need their variable. */
    String submitTally() throws InterruptedException, IOException {
        Path jar = TallyJar.pack(directory("jar").resolve("tally.jar"));
        return rest().runJar(
                        rest().uploadJar(jar),
                        TallyJob.class.getName(),
                        null,
                        List.of(
                                directory("tallies").toString(),
                                Long.toString(DEADLINE.toMillis())));
    }

    void awaitRunning(String job) throws InterruptedException {
        POLLING.until(
                "all tasks of the job",
                DEADLINE,
                () -> rest().job(job),
                JobDetails::allTasksRunning);
    }

    void awaitEnd(String job) throws InterruptedException {
        POLLING.until(
                "the end of the job",
                DEADLINE,
                () -> rest().job(job),
                details -> details.status().equals("FINISHED"));
    }

    static void requireExact(Path output, NexmarkSettings stream) throws Exception {
        AuctionLedgers.Comparison result = AuctionLedgers.of(stream).compareWith(output);
        assertThat(result.exact()).as(result.toString()).isTrue();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
