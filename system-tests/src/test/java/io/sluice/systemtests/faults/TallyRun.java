package io.sluice.systemtests.faults;

import io.sluice.state.adaptive.placement.Tier;
import io.sluice.systemtests.faults.job.Contents;
import io.sluice.systemtests.faults.job.MoveOrder;
import io.sluice.systemtests.faults.job.MoveStatus;
import io.sluice.systemtests.faults.job.Switches;
import io.sluice.systemtests.faults.job.TallyJob;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.GiveUpException;
import io.sluice.testkit.cluster.JobCheckpoints;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.JobFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

/** One submission of the job: waits for what the test wants of it, and judges its results. */
final class TallyRun {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Await POLLING = Await.every(Duration.ofMillis(20));

    private final FlinkRest rest;
    private final Switches switches;
    private final String job;
    private final Path output;

    TallyRun(FaultCluster cluster, String job, Path output) {
        this.rest = cluster.rest();
        this.switches = cluster.switches();
        this.job = job;
        this.output = output;
    }

    Switches switches() {
        return switches;
    }

    // --- what it is to do ------------------------------------------------------------------------

    void order(MoveOrder order) {
        switches.write(Switches.MOVE, order.toString());
    }

    /** Waits until every key has its state; from then on, the job is slow. */
    void awaitFilled() throws InterruptedException {
        awaitRunning();
        POLLING.until(
                "state of every key",
                DEADLINE,
                () -> {
                    requireNotEnded();
                    return IntStream.range(0, TallyJob.PARALLELISM).allMatch(switches::isFilled);
                });
    }

    // --- checkpoints -----------------------------------------------------------------------------

    /** Takes a checkpoint; tries again if one does not come to be. */
    void checkpoint() throws InterruptedException {
        POLLING.until(
                "a checkpoint of " + job,
                DEADLINE,
                () -> {
                    requireNotEnded();
                    try {
                        return rest.checkpoint(job, DEADLINE) > 0;
                    } catch (GiveUpException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /** Starts one that stays in its asynchronous part; again if it ends before. */
    void startHeldCheckpoint() throws InterruptedException {
        switches.turnOn(Switches.HOLD_SNAPSHOT);
        POLLING.until(
                "a checkpoint that is held",
                DEADLINE,
                () -> {
                    if (checkpoints().inProgress() == 0) {
                        triggerCheckpoint();
                    }
                    return switches.isHeld(Switches.HOLD_SNAPSHOT);
                });
    }

    void triggerCheckpoint() throws InterruptedException {
        assertThat(rest.triggerCheckpoint(job)).isNotEmpty();
    }

    JobCheckpoints checkpoints() throws InterruptedException {
        return rest.checkpoints(job);
    }

    /** Returns where the last completed checkpoint is. */
    String latestCheckpoint() throws InterruptedException {
        return checkpoints().latestCompleted().orElseThrow().path();
    }

    void failAndHoldRestore() throws InterruptedException {
        switches.turnOn(Switches.HOLD_RESTORE);
        switches.turnOn(Switches.FAIL);
        POLLING.until(
                "a restore that is held", DEADLINE, () -> switches.isHeld(Switches.HOLD_RESTORE));
    }

    // --- what it does ----------------------------------------------------------------------------

    void awaitRunning() throws InterruptedException {
        POLLING.until(
                "job %s to run".formatted(job),
                DEADLINE,
                () -> requireNotEnded().allTasksRunning());
    }

    /** Waits until it was restored more than {@code before} times, and runs. */
    void awaitRestored(long before) throws InterruptedException {
        POLLING.until(
                "job %s to be restored after %d times".formatted(job, before),
                DEADLINE,
                () -> requireNotEnded().allTasksRunning() && checkpoints().restored() > before);
    }

    void awaitStatus(String status) throws InterruptedException {
        POLLING.until(
                "job %s to be %s".formatted(job, status),
                DEADLINE,
                () -> rest.job(job),
                details -> details.status().equals(status));
    }

    private JobDetails requireNotEnded() throws InterruptedException {
        JobDetails details = rest.job(job);
        if (Set.of("FINISHED", "FAILED", "CANCELED").contains(details.status())) {
            throw new GiveUpException(
                    "Job %s ended as %s. Failures: %s"
                            .formatted(job, details.status(), rest.failures(job)));
        }
        requireStateNeverWrong();
        return details;
    }

    private void requireStateNeverWrong() throws InterruptedException {
        for (JobFailure failure : rest.failures(job)) {
            if (failure.stackTrace().contains(TallyJob.WRONG_STATE)) {
                throw new GiveUpException("Job %s: %s".formatted(job, failure.stackTrace()));
            }
        }
    }

    List<JobFailure> failures() throws InterruptedException {
        return rest.failures(job);
    }

    /** Waits until a move has come to rest in the middle, in every subtask. */
    void awaitRest(long rows) throws InterruptedException {
        awaitStatuses(
                "a move at rest after %d rows".formatted(rows),
                status -> status.groupsMoving() > 0 && status.rowsSinceOrder() >= rows);
    }

    void awaitAllIn(Tier tier) throws InterruptedException {
        awaitStatuses(
                "all key groups on " + tier,
                status ->
                        status.groupsMoving() == 0
                                && switch (tier) {
                                    case HEAP -> status.groupsOnDisk() == 0;
                                    case DISK -> status.groupsOnHeap() == 0;
                                });
    }

    /** Waits for what each subtask says of the last order. */
    private void awaitStatuses(String what, Predicate<MoveStatus> holds)
            throws InterruptedException {
        String order = switches.text(Switches.MOVE).orElseThrow();
        IntStream.range(0, TallyJob.PARALLELISM).forEach(switches::forgetStatus);
        POLLING.until(
                what,
                DEADLINE,
                () -> {
                    requireNotEnded();
                    return IntStream.range(0, TallyJob.PARALLELISM)
                            .mapToObj(subtask -> switches.status(subtask).orElseThrow())
                            .toList();
                },
                statuses ->
                        statuses.stream().allMatch(status -> status.order().equals(order))
                                && statuses.stream().allMatch(holds));
    }

    // --- its end ---------------------------------------------------------------------------------

    void cancel() throws InterruptedException {
        rest.cancel(job);
        awaitStatus("CANCELED");
    }

    /** Completes the move, reads the rest of the input, and compares all state with the model. */
    void requireExactResult(Tier target) throws IOException, InterruptedException {
        awaitRunning();
        order(MoveOrder.all(target));
        awaitAllIn(target);
        checkpoint();
        switches.turnOn(Switches.FULL_SPEED);
        POLLING.until(
                "the end of job " + job,
                DEADLINE,
                () -> {
                    requireStateNeverWrong();
                    return rest.job(job).status();
                },
                "FINISHED"::equals);
        assertThat(written())
                .isEqualTo(
                        LongStream.range(0, Contents.KEYS)
                                .mapToObj(key -> expectedLine(key))
                                .collect(toCollection(TreeSet::new)));
    }

    private static String expectedLine(long key) {
        return Contents.expected(key, Contents.ROUNDS).toLine(key);
    }

    /** Returns what all attempts wrote: one that failed at the end wrote the same lines. */
    private Set<String> written() throws IOException {
        Set<String> lines = new TreeSet<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
