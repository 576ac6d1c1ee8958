package io.sluice.systemtests;

import io.sluice.examples.nexmark.HighestBids;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.JobCheckpoints;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.LocalCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The life of a job in a session cluster, by the commands that a user types. */
class SessionClusterST {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Await POLLING = Await.every(Duration.ofMillis(50));
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    /** At the slow rate it would take the job 200 s to read them: commands find it running. */
    private static final long EVENTS = 200_000;

    private static final long SLOW = 1_000;
    private static final long UNLIMITED = 0;

    private static LocalCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                LocalCluster.of(Distribution.fromSystemProperty())
                        .taskManagers(2)
                        .slotsPerTaskManager(2)
                        .config("execution.checkpointing.interval", "200ms")
                        .start();
        cluster.awaitReady(4);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void stoppedJobContinuesWithAnotherParallelismAndLosesNothing() throws Exception {
        Path output = cluster.installation().sandbox().root().resolve("highest-bids");
        String job = submit(List.of("-p", "2"), boundedJob(output, SLOW));
        awaitCheckpoint(job);

        assertThat(flink("list").stdout()).contains(job + " : Highest bid per auction (RUNNING)");
        Path savepoint = savepointIn(flink("savepoint", job));
        assertThat(savepoint.resolve("_metadata")).isNotEmptyFile();
        assertThat(cluster.rest().job(job).status()).isEqualTo("RUNNING");

        Path last = savepointIn(flink("stop", job));
        awaitStatus(job, "FINISHED");
        HighestBids expected = HighestBids.of(NexmarkSettings.defaults().withEvents(EVENTS));
        HighestBids.Comparison half = expected.compareWith(output);
        assertThat(half.noneWrong()).as(half.toString()).isTrue();
        assertThat(half.exact()).as(half.toString()).isFalse();

        String restored =
                submit(List.of("-p", "4", "-s", last.toString()), boundedJob(output, UNLIMITED));
        JobDetails end = awaitStatus(restored, "FINISHED");
        assertThat(end.vertex("Highest bid").parallelism()).isEqualTo(4);
        assertThat(cluster.rest().checkpoints(restored).latestRestored())
                .map(SessionClusterST::pathOf)
                .contains(last);
        HighestBids.Comparison whole = expected.compareWith(output);
        assertThat(whole.exact()).as(whole.toString()).isTrue();
    }

    @Test
    void cancelledJobLeavesACheckpointToStartFrom() throws Exception {
        String job = submit(List.of("-p", "1"), endlessJob());
        awaitCheckpoint(job);

        assertThat(flink("cancel", job).stdout()).contains("Cancelled job " + job + ".");

        awaitStatus(job, "CANCELED");
        Path retained = onlyCheckpointOf(job);
        requireGoesOnFrom(retained, List.of("-p", "1"));
    }

    @Test
    void jobWithTheProfileForHdfsMergesItsFilesAndGoesOnFromThem() throws Exception {
        List<String> options =
                List.of(
                        "-Dsluice.checkpointing.profile=hdfs",
                        // Else small state is in the metadata, and there is nothing to merge.
                        "-Dexecution.checkpointing.data-inline-threshold=0 b");
        String job = submit(options, endlessJob());
        awaitCheckpoint(job);
        requireMerging(job, true);

        flink("cancel", job);

        awaitStatus(job, "CANCELED");
        Path retained = onlyCheckpointOf(job);
        requireGoesOnFrom(retained, options);
        String without =
                submit(
                        List.of(
                                "-Dsluice.checkpointing.profile=hdfs",
                                "-Dexecution.checkpointing.file-merging.enabled=false"),
                        endlessJob());
        awaitCheckpoint(without);
        requireMerging(without, false);
        flink("cancel", without);
        awaitStatus(without, "CANCELED");
    }

    private static void requireGoesOnFrom(Path retained, List<String> options) throws Exception {
        List<String> restoring = new ArrayList<>(options);
        restoring.addAll(List.of("-s", retained.toUri().toString()));
        String job = submit(restoring, endlessJob());
        awaitCheckpoint(job);
        assertThat(cluster.rest().checkpoints(job).latestRestored())
                .map(SessionClusterST::pathOf)
                .contains(retained);
        flink("cancel", job);
        awaitStatus(job, "CANCELED");
    }

    private static void requireMerging(String job, boolean merging) {
        assertThat(cluster.taskManagers())
                .as("a TaskManager that merges files")
                .matches(
                        names ->
                                names.stream()
                                                .anyMatch(
                                                        name ->
                                                                cluster.taskManager(name)
                                                                        .output()
                                                                        .contains(
                                                                                "Registered new file merging snapshot manager for job "
                                                                                        + job))
                                        == merging);
    }

    private static List<String> boundedJob(Path output, long eventsPerSecond) {
        return List.of(
                "--events",
                Long.toString(EVENTS),
                "--events-per-second",
                Long.toString(eventsPerSecond),
                "--output",
                output.toString());
    }

    private static List<String> endlessJob() {
        return List.of("--events-per-second", "1000");
    }

    private static String submit(List<String> options, List<String> jobArguments)
            throws InterruptedException {
        Path jar = cluster.installation().distribution().examples().resolve("nexmark.jar");
        return cluster.submit(options, jar, jobArguments.toArray(String[]::new));
    }

    private static Command.Result flink(String... arguments) throws InterruptedException {
        return cluster.command("flink", arguments).run(DEADLINE).requireSuccess();
    }

    private static Path savepointIn(Command.Result result) {
        return Path.of(URI.create(firstGroup(SAVEPOINT, result.stdout())));
    }

    private static Path pathOf(JobCheckpoints.Snapshot snapshot) {
        return Path.of(URI.create(snapshot.path()));
    }

    private static Path onlyCheckpointOf(String job) throws IOException {
        Path directory = cluster.installation().sandbox().checkpoints().resolve(job);
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> complete =
                    files.filter(file -> Files.exists(file.resolve("_metadata"))).toList();
            assertThat(complete).hasSize(1);
            return complete.get(0);
        }
    }

    private static String firstGroup(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("'%s' in: %s", pattern, text).isTrue();
        return matcher.group(1);
    }

    private static void awaitCheckpoint(String job) throws InterruptedException {
        POLLING.until(
                "a checkpoint of job " + job,
                DEADLINE,
                () -> cluster.rest().checkpoints(job),
                checkpoints -> checkpoints.completed() > 0);
    }

    private static JobDetails awaitStatus(String job, String status) throws InterruptedException {
        return POLLING.until(
                "job %s to be %s".formatted(job, status),
                DEADLINE,
                () -> cluster.rest().job(job),
                details -> details.status().equals(status));
    }
}
