package io.sluice.demo;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.demo.AdaptiveRun.Checkpoint;
import io.sluice.demo.AdaptiveRun.Decision;
import io.sluice.examples.nexmark.AuctionLedgers;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.GiveUpException;
import io.sluice.testkit.cluster.JobCheckpoints;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the job with the adaptive state backend, and kills its TaskManager in the middle of a move.
 */
final class AdaptiveAct {

    /** So that there is one to go on from. */
    private static final int CHECKPOINTS_BEFORE_KILL = 2;

    private static final Duration STEP_DEADLINE = Duration.ofMinutes(3);

    private static final Pattern DECISION =
            Pattern.compile("(\\S+ \\S+) INFO +\\S*\\.StateCoordinator +\\S* - (.*)");
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS");

    private final DemoArguments arguments;
    private final Distribution distribution;
    private final Sandbox sandbox;
    private final ProgressLine progress;
    private final Await polling = Await.every(Duration.ofMillis(200));

    AdaptiveAct(
            DemoArguments arguments,
            Distribution distribution,
            Sandbox sandbox,
            ProgressLine progress) {
        this.arguments = arguments;
        this.distribution = distribution;
        this.sandbox = sandbox;
        this.progress = progress;
    }

    AdaptiveRun run() throws IOException, InterruptedException {
        progress.step("Sluice: starting a cluster with state.backend.type: adaptive");
        Path output = sandbox.directory("output");
        try (LocalCluster cluster = LedgerCluster.start(distribution, sandbox, "adaptive")) {
            cluster.awaitReady(LedgerCluster.SLOTS);
            String victim = cluster.taskManagers().get(0);
            LaunchedProcess victimProcess = cluster.taskManager(victim);
            String job = LedgerCluster.submit(cluster, arguments, output);
            long startMillis = System.currentTimeMillis();
            Sampler sampler = new Sampler(cluster.rest(), job, victim, true);

            progress.step("Sluice: running until state moves to disk");
            Sample atKill = awaitMove(cluster, job, sampler);
            cluster.killTaskManager(victim);
            long killedMillis = System.currentTimeMillis();
            LaunchedProcess successor = cluster.startTaskManager();
            sampler.killed(successor.name());

            progress.step(
                    "Sluice: killed %s with signal 9 while %d of %d key groups were moving; %s takes over"
                            .formatted(
                                    victim,
                                    atKill.groupsMoving(),
                                    atKill.groups(),
                                    successor.name()));
            long recoveredMillis = awaitRecovery(cluster, job, sampler, successor);
            JobCheckpoints afterRecovery = cluster.rest().checkpoints(job);

            progress.step(
                    "Sluice: recovered from checkpoint %d in %.1f s, running to the end"
                            .formatted(
                                    restoredId(afterRecovery),
                                    (recoveredMillis - killedMillis) / 1000.0));
            awaitEnd(cluster, job, sampler, successor);
            long endMillis = System.currentTimeMillis();
            JobCheckpoints counts = cluster.rest().checkpoints(job);
            List<Checkpoint> checkpoints = completed(cluster, job);
            requireNoOtherFailure(counts, victimProcess, successor);

            progress.step("Sluice: checking the result against a plain computation");
            AuctionLedgers.Comparison comparison =
                    AuctionLedgers.of(LedgerCluster.settings(arguments)).compareWith(output);
            List<Decision> decisions = new ArrayList<>(decisions(victimProcess));
            decisions.addAll(decisions(successor));
            return new AdaptiveRun(
                    startMillis,
                    killedMillis,
                    victim,
                    atKill,
                    recoveredMillis,
                    restoredId(afterRecovery),
                    endMillis,
                    counts,
                    checkpoints,
                    decisions,
                    sampler.samples(),
                    comparison);
        }
    }

    private Sample awaitMove(LocalCluster cluster, String job, Sampler sampler)
            throws InterruptedException {
        return polling.until(
                "key groups on their way to disk after %d checkpoints"
                        .formatted(CHECKPOINTS_BEFORE_KILL),
                STEP_DEADLINE,
                () -> {
                    if (AdaptiveRun.ENDED.contains(cluster.rest().job(job).status())) {
                        throw new GiveUpException(
                                "The job ended before its TaskManager could be killed in a move. Give it more --events.");
                    }
                    Sample sample = sampler.take();
                    progress.update(sampler.progress());
                    return sample;
                },
                sample ->
                        sample.groupsMoving() > 0
                                && sample.checkpoints() >= CHECKPOINTS_BEFORE_KILL);
    }

    private long awaitRecovery(
            LocalCluster cluster, String job, Sampler sampler, LaunchedProcess successor)
            throws InterruptedException {
        polling.until(
                "the job to run again on " + successor.name(),
                STEP_DEADLINE,
                () -> {
                    successor.requireAlive();
                    sampler.take();
                    progress.update("");
                    JobDetails details = cluster.rest().job(job);
                    return cluster.rest().checkpoints(job).restored() > 0
                            && (details.allTasksRunning()
                                    || AdaptiveRun.ENDED.contains(details.status()));
                });
        return System.currentTimeMillis();
    }

    private void awaitEnd(
            LocalCluster cluster, String job, Sampler sampler, LaunchedProcess successor)
            throws InterruptedException {
        Duration deadline =
                STEP_DEADLINE.plusSeconds(3 * arguments.events() / arguments.eventsPerSecond());
        JobDetails details =
                polling.until(
                        "the end of the job",
                        deadline,
                        () -> {
                            JobDetails seen = cluster.rest().job(job);
                            if (!AdaptiveRun.ENDED.contains(seen.status())) {
                                successor.requireAlive();
                                sampler.take();
                                progress.update(sampler.progress());
                            }
                            return seen;
                        },
                        seen -> AdaptiveRun.ENDED.contains(seen.status()));
        if (!details.status().equals("FINISHED")) {
            throw new IllegalStateException(
                    "The job ended as %s: %s"
                            .formatted(details.status(), cluster.rest().failures(job)));
        }
    }

    private static long restoredId(JobCheckpoints checkpoints) {
        return checkpoints.latestRestored().map(JobCheckpoints.Snapshot::id).orElse(0L);
    }

    private static void requireNoOtherFailure(
            JobCheckpoints counts, LaunchedProcess victim, LaunchedProcess successor) {
        successor.requireAlive();
        for (LaunchedProcess process : List.of(victim, successor)) {
            if (process.output().contains("OutOfMemoryError:")) {
                throw new IllegalStateException(
                        "%s was out of memory. Its output is %s."
                                .formatted(process, process.outputFile()));
            }
        }
        if (counts.restored() != 1) {
            throw new IllegalStateException(
                    "The job was restored %d times, but only one TaskManager was killed. The output of the other is %s."
                            .formatted(counts.restored(), successor.outputFile()));
        }
    }

    private static List<Checkpoint> completed(LocalCluster cluster, String job)
            throws InterruptedException {
        List<Checkpoint> completed = new ArrayList<>();
        for (JsonNode checkpoint :
                cluster.rest().get("/jobs/%s/checkpoints".formatted(job)).required("history")) {
            if (checkpoint.required("status").asText().equals("COMPLETED")) {
                long duration = checkpoint.required("end_to_end_duration").asLong();
                completed.add(
                        new Checkpoint(
                                checkpoint.required("id").asLong(),
                                checkpoint.required("trigger_timestamp").asLong() + duration,
                                duration,
                                checkpoint.required("checkpointed_size").asLong()));
            }
        }
        completed.sort((a, b) -> Long.compare(a.id(), b.id()));
        return completed;
    }

    /** Reads what the coordinator of a TaskManager logged: one line a decision. */
    private static List<Decision> decisions(LaunchedProcess process) {
        return process.output()
                .lines()
                .map(DECISION::matcher)
                .filter(Matcher::matches)
                .map(
                        line ->
                                new Decision(
                                        LocalDateTime.parse(line.group(1), LOG_TIME)
                                                .atZone(ZoneId.systemDefault())
                                                .toInstant()
                                                .toEpochMilli(),
                                        process.name(),
                                        line.group(2)))
                .toList();
    }
}
