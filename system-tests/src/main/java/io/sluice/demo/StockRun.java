package io.sluice.demo;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.GiveUpException;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;

import java.time.Duration;
import java.util.List;

/**
 * What became of the job with stock Flink's state backend on heap.
 *
 * @param startMillis when the job ran, wall clock
 * @param diedMillis when the end of the TaskManager was seen
 * @param evidence the line that the JVM printed
 */
record StockRun(
        long startMillis, long diedMillis, int exitCode, String evidence, List<Sample> samples) {

    private static final Duration SAMPLING = Duration.ofMillis(300);
    private static final Duration DEADLINE = Duration.ofMinutes(4);

    StockRun {
        samples = List.copyOf(samples);
    }

    /** Runs the job until its TaskManager is out of memory. */
    static StockRun run(
            DemoArguments arguments,
            Distribution distribution,
            Sandbox sandbox,
            ProgressLine progress)
            throws InterruptedException {
        progress.step("Stock: starting a cluster with state.backend.type: hashmap");
        try (LocalCluster cluster = LedgerCluster.start(distribution, sandbox, "hashmap")) {
            cluster.awaitReady(LedgerCluster.SLOTS);
            String taskManager = cluster.taskManagers().get(0);
            LaunchedProcess process = cluster.taskManager(taskManager);
            String job = LedgerCluster.submit(cluster, arguments, sandbox.directory("output"));
            long startMillis = System.currentTimeMillis();
            Sampler sampler = new Sampler(cluster.rest(), job, taskManager, false);

            progress.step("Stock: running until the heap is full");
            Await.every(SAMPLING)
                    .until(
                            "the TaskManager to run out of memory",
                            DEADLINE,
                            () -> {
                                if (process.isAlive()) {
                                    sample(cluster, job, sampler);
                                    progress.update(sampler.progress());
                                }
                                return !process.isAlive();
                            });
            return new StockRun(
                    startMillis,
                    System.currentTimeMillis(),
                    process.exitCode(),
                    evidence(process),
                    sampler.samples());
        }
    }

    private static void sample(LocalCluster cluster, String job, Sampler sampler)
            throws InterruptedException {
        try {
            sampler.take();
            if (AdaptiveRun.ENDED.contains(cluster.rest().job(job).status())) {
                throw new GiveUpException(
                        "The stock job ended before its heap was full. Give it more --events.");
            }
        } catch (RestException e) {
            // The TaskManager may be gone: the next round looks.
        }
    }

    private static String evidence(LaunchedProcess process) {
        return process.outOfMemory()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "The stock TaskManager ended with exit code %d, but not of an OutOfMemoryError. Its output is %s."
                                                .formatted(
                                                        process.exitCode(), process.outputFile())));
    }

    Duration survived() {
        return Duration.ofMillis(diedMillis - startMillis);
    }

    long records() {
        return samples.stream().mapToLong(Sample::records).max().orElse(0);
    }
}
