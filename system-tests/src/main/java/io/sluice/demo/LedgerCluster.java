package io.sluice.demo;

import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.cluster.TaskManagerMemory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The cluster and the job of both parts of the demo: they differ in the state backend only. */
final class LedgerCluster {

    static final int SLOTS = 2;

    /** A heap of 224 MiB, and 96 MiB for RocksDB. */
    private static final TaskManagerMemory MEMORY = new TaskManagerMemory(96, 96);

    private static final String JOB = "io.sluice.examples.nexmark.AuctionLedgerJob";

    /** So that 450,000 events are about three times the heap. */
    private static final int EXTRA_LENGTH = 1000;

    private LedgerCluster() {}

    static LocalCluster start(Distribution distribution, Sandbox sandbox, String stateBackend) {
        return LocalCluster.of(distribution)
                .sandbox(sandbox)
                .slotsPerTaskManager(SLOTS)
                .config("state.backend.type", stateBackend)
                .config("jobmanager.memory.process.size", "1g")
                .config(MEMORY.toConfig())
                // The JVM says so and ends at the first OutOfMemoryError of any thread.
                .config("env.java.opts.taskmanager", "-XX:+ExitOnOutOfMemoryError")
                .config("execution.checkpointing.interval", "4s")
                .config("execution.checkpointing.incremental", "true")
                .config("web.checkpoints.history", "1000")
                .config("restart-strategy.type", "fixed-delay")
                .config("restart-strategy.fixed-delay.attempts", "10")
                .config("restart-strategy.fixed-delay.delay", "500ms")
                // How soon a killed TaskManager is missed: the default is 10 s.
                .config("heartbeat.interval", "1s")
                // How old a metric may be, and how long one of a killed TaskManager is waited for.
                .config("metrics.fetcher.update-interval", "200ms")
                .config("web.timeout", "5s")
                // Files of the JVM outside the sandbox, which a killed one leaves there.
                .env("JVM_ARGS", "-XX:-UsePerfData")
                .start();
    }

    static NexmarkSettings settings(DemoArguments arguments) {
        return NexmarkSettings.defaults()
                .withEvents(arguments.events())
                .withEventsPerSecond(arguments.eventsPerSecond())
                .withSeed(arguments.seed())
                .withAuctionsLeftOpen(EXTRA_LENGTH);
    }

    /** Returns the job's id. */
    static String submit(LocalCluster cluster, DemoArguments arguments, Path output)
            throws InterruptedException {
        List<String> jobArguments = new ArrayList<>(settings(arguments).toArguments());
        jobArguments.addAll(
                List.of("--parallelism", Integer.toString(SLOTS), "--output", output.toString()));
        return cluster.submit(
                List.of("-c", JOB),
                cluster.installation().distribution().examples().resolve("nexmark.jar"),
                jobArguments.toArray(String[]::new));
    }
}
