package io.sluice.examples.nexmark;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;

import io.sluice.examples.FailOnce;
import io.sluice.examples.nexmark.HighestBids.Comparison;
import io.sluice.testkit.cluster.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class HighestBidJobIT {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(2)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private Path directory;

    private static StreamExecutionEnvironment checkpointedWithoutKryo(Configuration more) {
        Configuration configuration = new Configuration(more);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        return StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    }

    private static void assertExact(NexmarkSettings settings, Path output) throws Exception {
        Comparison comparison = HighestBids.of(settings).compareWith(output);
        assertThat(comparison.exact()).as(comparison.toString()).isTrue();
    }

    @Test
    void mainWritesTheExactResult() throws Exception {
        Path output = directory.resolve("results");

        HighestBidJob.main(
                new String[] {
                    "--events",
                    "100000",
                    "--seed",
                    "5",
                    "--parallelism",
                    "3",
                    "--output",
                    output.toString()
                });

        assertExact(NexmarkSettings.defaults().withEvents(100_000).withSeed(5), output);
    }

    @Test
    void resultIsExactAcrossAFailure() throws Exception {
        // Ten seconds, so that a checkpoint completes before the end on a busy machine too.
        NexmarkSettings settings =
                NexmarkSettings.defaults().withEvents(20_000).withEventsPerSecond(2_000);
        FailOnce<NexmarkEvent> fault = new FailOnce<>();
        StreamExecutionEnvironment env = checkpointedWithoutKryo(new Configuration());
        env.setParallelism(4);

        DataStream<NexmarkEvent> events =
                HighestBidJob.auctionStream(env, settings).map(fault, new NexmarkEventTypeInfo());
        HighestBidJob.write(HighestBidJob.highestBids(events), flinkPath(directory));
        env.execute();

        assertThat(fault.failedAndRestored()).isTrue();
        assertExact(settings, directory);
    }

    @Test
    void resultIsExactWhenResumedFromASavepointWithOtherParallelism() throws Exception {
        Path output = Files.createDirectory(directory.resolve("results"));
        NexmarkSettings settings = NexmarkSettings.defaults().withEvents(60_000);

        // At this rate all events take 30 seconds; it is stopped much earlier.
        String savepoint = runUntilFirstResults(settings.withEventsPerSecond(2_000), 3, output);
        Comparison partial = HighestBids.of(settings).compareWith(output);
        assertThat(partial.noneWrong()).as(partial.toString()).isTrue();
        assertThat(partial.missing()).as("left for the second run").isPositive();

        Configuration restore = new Configuration();
        restore.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        StreamExecutionEnvironment env = checkpointedWithoutKryo(restore);
        env.setParallelism(4);
        build(env, settings, output);
        env.execute();

        assertExact(settings, output);
    }

    /** Returns the savepoint with which the job was stopped. */
    private String runUntilFirstResults(NexmarkSettings settings, int parallelism, Path output)
            throws Exception {
        StreamExecutionEnvironment env = checkpointedWithoutKryo(new Configuration());
        env.setParallelism(parallelism);
        build(env, settings, output);
        JobClient job = env.executeAsync();
        Await.every(Duration.ofMillis(20))
                .until(
                        "the first results are written",
                        Duration.ofMinutes(1),
                        () -> foundIn(output) > 0);
        String savepoints = directory.resolve("savepoints").toUri().toString();
        return job.stopWithSavepoint(false, savepoints, SavepointFormatType.CANONICAL).get();
    }

    private static void build(
            StreamExecutionEnvironment env, NexmarkSettings settings, Path output) {
        HighestBidJob.write(
                HighestBidJob.highestBids(HighestBidJob.auctionStream(env, settings)),
                flinkPath(output));
    }

    private static long foundIn(Path output) throws Exception {
        try (var results = HighestBids.read(output)) {
            return results.count();
        }
    }

    private static org.apache.flink.core.fs.Path flinkPath(Path path) {
        return new org.apache.flink.core.fs.Path(path.toUri());
    }
}
