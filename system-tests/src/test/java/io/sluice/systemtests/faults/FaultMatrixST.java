package io.sluice.systemtests.faults;

import io.sluice.systemtests.faults.job.Switches;
import io.sluice.systemtests.faults.job.TallyJob;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.JobFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each fault at each stage of a job whose state moves between heap and disk ends in exact results,
 * after the documented error if there is one, and leaves no file.
 */
@SuppressWarnings("NullAway.Init") // JUnit calls start() first
class FaultMatrixST {

    private static final Path DISK_FAULT =
            Path.of(System.getProperty("sluice.root", ".."))
                    .resolve("system-tests/src/test/native/disk_fault.c");

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Await POLLING = Await.every(Duration.ofMillis(20));
    private static final Duration LONG_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(3);

    /**
     * Of several files that Flink downloads for a restore, the first that fails ends the others; it
     * reports any of them.
     */
    private static final String OTHER_DOWNLOAD =
            "Cannot register Closeable, registry is already closed";

    /** Shared: what one fault leaves behind is what the next one finds. A failed cell ends it. */
    private static @Nullable FaultCluster shared;

    private FaultCluster cluster;

    private boolean passed;

    @BeforeEach
    void start() throws Exception {
        cluster = shared == null ? FaultCluster.start(DISK_FAULT) : shared;
        shared = cluster;
        cluster.reset();
    }

    @AfterEach
    void stopAfterFailure() {
        if (!passed) {
            stop();
        }
    }

    @AfterAll
    static void stop() {
        if (shared != null) {
            shared.close();
            shared = null;
        }
    }

    @ParameterizedTest(name = "kill -9 TaskManager x {0}")
    @EnumSource
    void killedTaskManagerIsReplaced(Stage stage) throws Exception {
        TallyRun run = at(stage, LONG_TIMEOUT);
        long restored = run.checkpoints().restored();

        cluster.killTaskManager();
        stage.goOn(run);
        cluster.startTaskManager();

        run.awaitRestored(restored);
        requireExactResult(run, stage);
    }

    @ParameterizedTest(name = "cancel x {0}")
    @EnumSource
    void cancelledJobGoesOnFromItsCheckpoint(Stage stage) throws Exception {
        TallyRun run = at(stage, LONG_TIMEOUT);
        String checkpoint = run.latestCheckpoint();

        run.cancel();

        cluster.awaitNoFileOfJobs();
        stage.goOn(run);
        requireExactResult(cluster.run(LONG_TIMEOUT, checkpoint), stage);
    }

    @ParameterizedTest(name = "checkpoint timeout x {0}")
    @EnumSource
    void expiredCheckpointChangesNothing(Stage stage) throws Exception {
        TallyRun run = at(stage, SHORT_TIMEOUT);
        long restored = run.checkpoints().restored();

        switch (stage) {
            case BEFORE_A_MOVE, MID_MOVE_OUT, MID_MOVE_IN -> {
                run.startHeldCheckpoint();
                awaitExpiry(run);
            }
            case DURING_THE_SNAPSHOT -> awaitExpiry(run);
            case DURING_RESTORE -> {
                run.triggerCheckpoint();
                awaitSlowRestore();
            }
        }
        stage.goOn(run);
        cluster.awaitNoLocalCheckpoint();
        requireExactResult(run, stage);
        assertThat(run.checkpoints().restored()).isEqualTo(restored);
    }

    /** One that is held cannot complete. */
    private static void awaitExpiry(TallyRun run) throws InterruptedException {
        POLLING.until(
                "the checkpoint to expire",
                DEADLINE,
                run::checkpoints,
                checkpoints -> checkpoints.inProgress() == 0 && checkpoints.failed() > 0);
    }

    private static void awaitSlowRestore() throws InterruptedException {
        long startNanos = System.nanoTime();
        POLLING.until(
                "a restore that takes longer than a checkpoint may",
                DEADLINE,
                () -> System.nanoTime() - startNanos > SHORT_TIMEOUT.toNanos());
    }

    @ParameterizedTest(name = "JobManager loss x {0}")
    @EnumSource
    void jobOfALostJobManagerGoesOnFromItsCheckpoint(Stage stage) throws Exception {
        TallyRun run = at(stage, LONG_TIMEOUT);
        String checkpoint = run.latestCheckpoint();

        cluster.killJobManager();

        cluster.awaitNoFileOfJobs();
        stage.goOn(run);
        cluster.startJobManager();
        requireExactResult(cluster.run(LONG_TIMEOUT, checkpoint), stage);
    }

    @ParameterizedTest(name = "disk full x {0}")
    @EnumSource
    void fullDiskFailsTheJobUntilThereIsRoom(Stage stage) throws Exception {
        requireDiskFault(stage, "ENOSPC", "No space left on device");
    }

    @ParameterizedTest(name = "disk error x {0}")
    @EnumSource
    void diskErrorFailsTheJobUntilTheDiskIsWell(Stage stage) throws Exception {
        requireDiskFault(stage, "EIO", "Input/output error");
    }

    private void requireDiskFault(Stage stage, String error, String message) throws Exception {
        TallyRun run = at(stage, LONG_TIMEOUT);
        int before = run.failures().size();

        cluster.disk().start(error);
        if (stage == Stage.BEFORE_A_MOVE || stage == Stage.MID_MOVE_OUT) {
            // Moves without pause, so that writes wait for a flush when it fails.
            run.switches().turnOn(Switches.FULL_SPEED);
        }
        stage.goOn(run);
        if (stage != Stage.DURING_RESTORE) {
            // Of what is in memory still, RocksDB writes nothing before.
            run.triggerCheckpoint();
        }
        List<JobFailure> failures =
                POLLING.until(
                        "a failure of the job with: " + message,
                        DEADLINE,
                        run::failures,
                        seen -> seen.size() > before && anyMentions(seen, message));
        run.switches().turnOff(Switches.FULL_SPEED);
        assertThat(cluster.disk().struck()).isNotEmpty();
        cluster.disk().end();

        assertThat(failures)
                .extracting(JobFailure::stackTrace)
                .allMatch(
                        trace ->
                                Stream.of(message, TallyJob.TOLD_TO_FAIL, OTHER_DOWNLOAD)
                                        .anyMatch(trace::contains));
        requireExactResult(run, stage);
    }

    private static boolean anyMentions(List<JobFailure> failures, String message) {
        return failures.stream().anyMatch(failure -> failure.stackTrace().contains(message));
    }

    private TallyRun at(Stage stage, Duration checkpointTimeout) throws Exception {
        TallyRun run = cluster.run(checkpointTimeout, null);
        stage.reach(run);
        return run;
    }

    private void requireExactResult(TallyRun run, Stage stage) throws Exception {
        run.requireExactResult(stage.target());
        cluster.awaitNoFileLeft();
        passed = true;
    }
}
