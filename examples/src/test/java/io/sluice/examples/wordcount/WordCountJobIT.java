package io.sluice.examples.wordcount;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;

import io.sluice.examples.FailOnce;
import io.sluice.testkit.cluster.Await;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class WordCountJobIT {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private Path directory;

    private Path input;
    private Path output;

    @BeforeEach
    void makeDirectories() throws IOException {
        input = Files.createDirectories(directory.resolve("in"));
        output = Files.createDirectories(directory.resolve("out"));
    }

    /** Adds a file as a user should: complete when it appears under its name. */
    private Path addFile(String name, String text) throws IOException {
        Path file = input.resolve(name);
        Files.createDirectories(file.getParent());
        Path unfinished = Files.writeString(directory.resolve("unfinished"), text);
        return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void boundedRunCountsEachFileOnce() throws Exception {
        Path first = addFile("LICENSE", "You may obtain a copy. YOU MAY NOT; caf\u00e9\n");
        Path second = addFile("a/b/c.txt", "a copy of\r\na copy");
        addFile(".hidden", "never counted");

        WordCountJob.main(
                new String[] {
                    "--bounded",
                    "--input",
                    input + "," + first,
                    "--input",
                    second.toString(),
                    "--output",
                    output.toString()
                });

        assertThat(WordCounts.read(output))
                .isEqualTo(
                        Map.of(
                                "you", 2L, "may", 2L, "obtain", 1L, "a", 3L, "copy", 3L, "not", 1L,
                                "caf", 1L, "of", 1L))
                .isEqualTo(WordCounts.count(List.of(first, second)));
    }

    @Test
    void fileAddedWhileItRunsIsCountedOnceAcrossAFailure() throws Exception {
        FailOnce<String> fault = new FailOnce<>();
        Path first = addFile("first", "one two two\n".repeat(100));
        JobClient job = start(fault);
        Await.every(Duration.ofMillis(20))
                .until(
                        "the first file is counted",
                        Duration.ofMinutes(1),
                        () -> WordCounts.read(output).equals(WordCounts.count(List.of(first))));

        Path second = addFile("below/second", "two three\n".repeat(100));

        Map<String, Long> expected = Map.of("one", 100L, "two", 300L, "three", 100L);
        Await.every(Duration.ofMillis(20))
                .until(
                        "both files are counted",
                        Duration.ofMinutes(1),
                        () -> WordCounts.read(output).equals(expected));
        assertThat(fault.failedAndRestored()).isTrue();
        assertThat(WordCounts.count(List.of(first, second))).isEqualTo(expected);
        job.stopWithSavepoint(
                        true,
                        directory.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
        assertThat(WordCounts.read(output)).isEqualTo(expected);
    }

    private JobClient start(FailOnce<String> fault) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(100));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        WordCountArguments arguments =
                WordCountArguments.parse(
                        Optional.empty(),
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString(),
                        "--discovery-interval",
                        "50 ms",
                        "--update-interval",
                        "50 ms");
        DataStream<String> lines = WordCountJob.linesOf(env, arguments).map(fault, Types.STRING);
        WordCountJob.write(
                WordCountJob.runningCounts(lines, arguments.updateInterval()), arguments.output());
        return env.executeAsync();
    }
}
