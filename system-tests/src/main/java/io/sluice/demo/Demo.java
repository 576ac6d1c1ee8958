package io.sluice.demo;

import io.sluice.examples.nexmark.HighestBids;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.GiveUpException;
import io.sluice.testkit.cluster.JobCheckpoints;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.cluster.Subtask;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * A real cluster on this host, a stateful job on it, a killed TaskManager, and the exact result.
 *
 * <p>Exit code 0 if the result is exact, 1 if it is not, 2 if the demo could not come so far. Then
 * the directory with the logs stays; otherwise, and after an interrupt, nothing does.
 */
public final class Demo {

    private static final int TASK_MANAGERS = 2;
    private static final int SLOTS_PER_TASK_MANAGER = 2;
    private static final int CHECKPOINTS_BEFORE_KILL = 5;
    private static final Duration STEP_DEADLINE = Duration.ofMinutes(2);
    private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");

    private final DemoArguments arguments;
    private final Distribution distribution;
    private final Sandbox sandbox;
    private final ProgressLine progress;
    private final Await polling = Await.every(Duration.ofMillis(100));

    private volatile boolean interrupted;

    private Demo(
            DemoArguments arguments,
            Distribution distribution,
            Sandbox sandbox,
            ProgressLine progress) {
        this.arguments = arguments;
        this.distribution = distribution;
        this.sandbox = sandbox;
        this.progress = progress;
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        DemoArguments arguments;
        Distribution distribution;
        try {
            arguments = DemoArguments.parse(args);
            distribution = Distribution.fromSystemProperty();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        Sandbox sandbox = Sandbox.create();
        ProgressLine progress =
                new ProgressLine(System.err, Boolean.getBoolean("sluice.demo.terminal"));
        Demo demo = new Demo(arguments, distribution, sandbox, progress);
        Thread hook = new Thread(demo::interrupt, "interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            DemoReport report = demo.run();
            Runtime.getRuntime().removeShutdownHook(hook);
            progress.clear();
            System.out.print(report);
            if (!report.exact()) {
                System.err.println("The logs and the output are in " + sandbox + ".");
                return 1;
            }
            sandbox.close();
            return 0;
        } catch (IOException | InterruptedException | RuntimeException e) {
            // While the hook runs, whatever fails here fails because of it.
            if (!demo.interrupted) {
                Runtime.getRuntime().removeShutdownHook(hook);
                progress.clear();
                System.err.println("The demo failed: " + e.getMessage());
                System.err.println("The logs are in " + sandbox.log() + ".");
            }
            return 2;
        }
    }

    private DemoReport run() throws IOException, InterruptedException {
        Path output = sandbox.directory("output");
        progress.step("Starting one JobManager and %d TaskManagers".formatted(TASK_MANAGERS));
        try (LocalCluster cluster = startCluster()) {
            long startNanos = System.nanoTime();
            cluster.awaitReady(TASK_MANAGERS * SLOTS_PER_TASK_MANAGER);
            Duration startUp = since(startNanos);

            progress.step("Submitting the highest bid job");
            String job = submit(cluster, output);

            progress.step(
                    "Running: a TaskManager is killed after %d checkpoints"
                            .formatted(CHECKPOINTS_BEFORE_KILL));
            awaitCheckpoints(cluster, job);
            String victim = taskManagerOf(cluster, job);
            long killedNanos = System.nanoTime();
            cluster.killTaskManager(victim);

            progress.step("Killed %s with signal 9, waiting for recovery".formatted(victim));
            awaitRecovery(cluster, job, victim);
            Duration recovery = since(killedNanos);

            progress.step(
                    "Recovered in %.1f s, running to the end"
                            .formatted(recovery.toMillis() / 1000.0));
            JobDetails end = awaitEnd(cluster, job);
            JobCheckpoints checkpoints = cluster.rest().checkpoints(job);

            progress.step("Checking the result against a plain computation");
            HighestBids.Comparison comparison = expected().compareWith(output);
            return new DemoReport(
                    arguments, startUp, end.duration(), victim, recovery, checkpoints, comparison);
        }
    }

    private LocalCluster startCluster() {
        return LocalCluster.of(distribution)
                .sandbox(sandbox)
                .taskManagers(TASK_MANAGERS)
                .slotsPerTaskManager(SLOTS_PER_TASK_MANAGER)
                .config("jobmanager.memory.process.size", "1g")
                .config("taskmanager.memory.process.size", "1g")
                .config("execution.checkpointing.interval", "1s")
                .config("state.backend.type", "rocksdb")
                .config("restart-strategy.type", "fixed-delay")
                .config("restart-strategy.fixed-delay.attempts", "10")
                .config("restart-strategy.fixed-delay.delay", "1s")
                // How soon a killed TaskManager is missed: the default is 10 s.
                .config("heartbeat.interval", "1s")
                // Files of the JVM outside the sandbox, which a killed one leaves there.
                .env("JVM_ARGS", "-XX:-UsePerfData")
                .start();
    }

    /** In the shutdown hook: a Ctrl-C must leave no process and no file. */
    private void interrupt() {
        interrupted = true;
        LaunchedProcess.killAll();
        sandbox.close();
        progress.clear();
        System.err.println("Interrupted: everything is stopped, and nothing is left.");
    }

    private String submit(LocalCluster cluster, Path output) throws InterruptedException {
        return cluster.submit(
                distribution.examples().resolve("nexmark.jar"),
                "--events",
                Long.toString(arguments.events()),
                "--events-per-second",
                Long.toString(arguments.eventsPerSecond()),
                "--seed",
                Long.toString(arguments.seed()),
                "--parallelism",
                Integer.toString(SLOTS_PER_TASK_MANAGER),
                "--output",
                output.toString());
    }

    private void awaitCheckpoints(LocalCluster cluster, String job) throws InterruptedException {
        polling.until(
                CHECKPOINTS_BEFORE_KILL + " checkpoints",
                STEP_DEADLINE,
                () -> {
                    if (ENDED.contains(cluster.rest().job(job).status())) {
                        throw new GiveUpException(
                                "The job ended before a TaskManager could be killed. Give it more --events or fewer --events-per-second.");
                    }
                    return cluster.rest().checkpoints(job).completed();
                },
                completed -> {
                    progress.update(": %d done".formatted(completed));
                    return completed >= CHECKPOINTS_BEFORE_KILL;
                });
    }

    /** Returns a TaskManager that runs tasks of the job. */
    private static String taskManagerOf(LocalCluster cluster, String job)
            throws InterruptedException {
        JobDetails details = cluster.rest().job(job);
        return cluster.rest().subtasks(job, details.vertices().get(0).id()).stream()
                .map(Subtask::taskManager)
                .findFirst()
                .orElseThrow();
    }

    private void awaitRecovery(LocalCluster cluster, String job, String victim)
            throws InterruptedException {
        polling.until(
                "the job to run again without " + victim,
                STEP_DEADLINE,
                () -> {
                    progress.update("");
                    JobDetails details = cluster.rest().job(job);
                    return cluster.rest().checkpoints(job).restored() > 0
                            && (details.allTasksRunning() || ENDED.contains(details.status()));
                });
    }

    private JobDetails awaitEnd(LocalCluster cluster, String job) throws InterruptedException {
        Duration deadline =
                STEP_DEADLINE.plusSeconds(2 * arguments.events() / arguments.eventsPerSecond());
        JobDetails details =
                polling.until(
                        "the end of the job",
                        deadline,
                        () -> cluster.rest().job(job),
                        seen -> {
                            progress.update("");
                            return ENDED.contains(seen.status());
                        });
        if (!details.status().equals("FINISHED")) {
            throw new IllegalStateException(
                    "The job ended as %s: %s"
                            .formatted(details.status(), cluster.rest().failures(job)));
        }
        return details;
    }

    private HighestBids expected() {
        return HighestBids.of(
                NexmarkSettings.defaults()
                        .withEvents(arguments.events())
                        .withSeed(arguments.seed()));
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
