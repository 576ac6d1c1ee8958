package io.sluice.state.adaptive.job;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;

import io.sluice.state.adaptive.control.StateControl;
import io.sluice.state.adaptive.placement.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Jobs whose state moves back and forth all the time, with failures, on a MiniCluster. */
class AdaptiveStateJobIT {

    private static final int SLOTS = 3;
    private static final long KEYS = 1000;
    private static final Path CHANGELOG = Path.of("target", "changelog").toAbsolutePath();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(SLOTS)
                            .setConfiguration(clusterConfiguration(false))
                            .build());

    @TempDir Path checkpoints;

    /**
     * Not with changelog and local recovery: after a restore from the remote copy, stock Flink's
     * local copy lacks the restored part of the log
     * (ChangelogKeyedStateBackend.buildSnapshotResult).
     */
    static Configuration clusterConfiguration(boolean localRecovery) {
        Configuration configuration = new Configuration();
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(192));
        configuration.set(StateRecoveryOptions.LOCAL_RECOVERY, localRecovery);
        configuration.set(StateChangelogOptions.STATE_CHANGE_LOG_STORAGE, "filesystem");
        configuration.setString("dstl.dfs.base-path", CHANGELOG.toUri().toString());
        return configuration;
    }

    /** What checkpoints are made of. */
    enum Checkpoints {
        INCREMENTAL,
        FULL,
        UNALIGNED,
        LOCAL_RECOVERY,
        FILE_MERGING,
        CHANGELOG;

        void configure(Configuration configuration) {
            configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, this != FULL);
            configuration.set(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, this == CHANGELOG);
            configuration.set(CheckpointingOptions.LOCAL_BACKUP_ENABLED, this == LOCAL_RECOVERY);
            switch (this) {
                case INCREMENTAL, FULL, LOCAL_RECOVERY -> {}
                case UNALIGNED -> configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
                case FILE_MERGING ->
                        configuration.set(CheckpointingOptions.FILE_MERGING_ENABLED, true);
                case CHANGELOG -> {
                    configuration.set(
                            StateChangelogOptions.PERIODIC_MATERIALIZATION_INTERVAL,
                            Duration.ofMillis(500));
                }
            }
        }
    }

    private static Configuration jobConfiguration(Checkpoints kind, Path checkpoints) {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, "adaptive");
        configuration.setString("state.backend.adaptive.mode", "manual");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(150));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        kind.configure(configuration);
        return configuration;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOCAL_RECOVERY")
    void countsExactlyThroughMovesAndFailures(Checkpoints kind) throws Exception {
        countExactly(kind, checkpoints);
    }

    static void countExactly(Checkpoints kind, Path checkpoints) throws Exception {
        // The changelog writes more for each record.
        double recordsPerSecond = kind == Checkpoints.CHANGELOG ? 4_000 : 10_000;
        CountingJob job = new CountingJob(60_000, KEYS, recordsPerSecond);

        JobClient client = job.build(jobConfiguration(kind, checkpoints), 2).executeAsync();
        Random random = new Random(kind.name().hashCode());
        for (int failure = 0; failure < 3; failure++) {
            moveUntil(random, recordsAndCheckpoint(5_000, checkpoints));
            CountingJob.FAIL.set(true);
            moveUntil(random, () -> !CountingJob.FAIL.get());
        }
        client.getJobExecutionResult().get(60, TimeUnit.SECONDS);

        assertCountsAreExact(job);
    }

    @Test
    void rescalesFromTheMiddleOfAMove() throws Exception {
        CountingJob job = new CountingJob(80_000, KEYS, 10_000);
        Random random = new Random(7);
        Configuration configuration = jobConfiguration(Checkpoints.INCREMENTAL, checkpoints);

        JobClient client = job.build(configuration, 2).executeAsync();
        for (int parallelism : new int[] {3, 1, 2}) {
            moveUntil(random, recordsAndCheckpoint(5_000, checkpoints));
            client.cancel().get();
            awaitTrue(() -> StateControl.ofProcess().list().isEmpty());
            Configuration restored = new Configuration(configuration);
            restored.set(StateRecoveryOptions.SAVEPOINT_PATH, lastCheckpoint());
            client = job.build(restored, parallelism).executeAsync();
        }
        client.getJobExecutionResult().get(60, TimeUnit.SECONDS);

        assertCountsAreExact(job);
    }

    /** So many more records, and one more checkpoint, from now on. */
    private static BooleanSupplier recordsAndCheckpoint(long more, Path checkpoints) {
        long records = CountingJob.RECORDS.get();
        List<Path> before = completedCheckpoints(checkpoints);
        return () ->
                CountingJob.RECORDS.get() > records + more
                        && completedCheckpoints(checkpoints).stream()
                                        .filter(c -> !before.contains(c))
                                        .count()
                                > 0;
    }

    private static void assertCountsAreExact(CountingJob job) {
        for (long key = 0; key < KEYS; key++) {
            assertThat(CountingJob.COUNTS.get(key))
                    .as("count of key %d", key)
                    .isEqualTo(job.expectedCount(key));
        }
        assertThat(CountingJob.TIMERS.get()).isGreaterThanOrEqualTo(KEYS);
        awaitTrue(() -> StateControl.ofProcess().list().isEmpty());
    }

    /** Asks for random moves, at a random pace, until a condition holds. */
    private static void moveUntil(Random random, BooleanSupplier done) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("The job does not get on.");
            }
            StateControl.ofProcess()
                    .move(
                            backend -> random.nextBoolean(),
                            random.nextBoolean() ? Tier.HEAP : Tier.DISK,
                            0.1 + 0.9 * random.nextDouble(),
                            random.nextBoolean() ? 1.0 : 0.05);
            LockSupport.parkNanos(20_000_000L);
        }
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000L);
        }
    }

    private String lastCheckpoint() {
        return completedCheckpoints(checkpoints).stream()
                .max(Comparator.comparingLong(directory -> directory.toFile().lastModified()))
                .orElseThrow(() -> new AssertionError("There is no checkpoint."))
                .toUri()
                .toString();
    }

    private static List<Path> completedCheckpoints(Path checkpoints) {
        try (Stream<Path> files =
                Files.find(checkpoints, 3, (file, what) -> file.endsWith("_metadata"))) {
            return files.map(Path::getParent).toList();
        } catch (IOException | UncheckedIOException e) {
            // A checkpoint was deleted while we looked.
            return List.of();
        }
    }
}
