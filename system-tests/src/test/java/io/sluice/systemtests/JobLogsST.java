package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.examples.nexmark.AuctionLedgerJob;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.LocalCluster;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;

/** Each job has log files of its own in JobManager and TaskManager, if that is asked for. */
@BesideOthers
class JobLogsST {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));

    private static final NexmarkSettings STREAM =
            NexmarkSettings.defaults().withEvents(120_000).withEventsPerSecond(1_000);

    @Test
    void eachJobHasItsFileAndTheMainLogHasAll() throws Exception {
        try (LocalCluster cluster = start("true")) {
            FlinkRest rest = cluster.rest();
            String first = submit(cluster);
            String second = submit(cluster);

            for (String job : List.of(first, second)) {
                String other = job.equals(first) ? second : first;
                String inTaskManager =
                        awaitLog(rest, "/taskmanagers/tm-1/logs", "taskexecutor", job);
                String inJobManager = awaitLog(rest, "/jobmanager/logs", "standalonesession", job);
                Path taskLog = file(cluster, inTaskManager);
                POLLING.until(
                        "running tasks in the log of job " + job,
                        DEADLINE,
                        () -> read(taskLog),
                        text -> text.contains("from INITIALIZING to RUNNING"));
                POLLING.until(
                        "the switch to RUNNING in the JobManager's log of job " + job,
                        DEADLINE,
                        () -> read(file(cluster, inJobManager)),
                        text -> text.contains("switched from state CREATED to RUNNING"));
                assertThat(read(taskLog)).doesNotContain(other);
                assertThat(cluster.jobManager().output())
                        .contains("(%s) switched from state CREATED to RUNNING".formatted(job));
            }
        }
    }

    @Test
    void thereIsNoneUnlessAskedFor() throws Exception {
        try (LocalCluster cluster = start("false")) {
            String job = submit(cluster);

            assertThat(names(cluster.rest().get("/taskmanagers/tm-1/logs")))
                    .isNotEmpty()
                    .noneMatch(name -> name.contains(job));
        }
    }

    private static LocalCluster start(String perJob) throws InterruptedException {
        LocalCluster cluster =
                LocalCluster.of(Distribution.fromSystemProperty())
                        .taskManagers(1)
                        .slotsPerTaskManager(2)
                        .config("sluice.logs.per-job", perJob)
                        .start();
        cluster.awaitReady(2);
        return cluster;
    }

    private static String submit(LocalCluster cluster) throws InterruptedException {
        List<String> arguments = new ArrayList<>(STREAM.toArguments());
        arguments.addAll(
                List.of(
                        "--output",
                        cluster.installation().sandbox().directory("ledgers").toString()));
        String job =
                cluster.submit(
                        List.of("-p", "1", "-c", AuctionLedgerJob.class.getName()),
                        cluster.installation().distribution().examples().resolve("nexmark.jar"),
                        arguments.toArray(String[]::new));
        POLLING.until(
                "all tasks of the job",
                DEADLINE,
                () -> cluster.rest().job(job),
                JobDetails::allTasksRunning);
        return job;
    }

    /** All processes of the test have the same directory of logs. */
    private static String awaitLog(FlinkRest rest, String path, String process, String job)
            throws InterruptedException {
        Predicate<String> wanted =
                name -> name.contains(process) && name.endsWith("-job-" + job + ".log");
        return POLLING
                .until(
                        "a log of job %s at %s".formatted(job, path),
                        DEADLINE,
                        () -> names(rest.get(path)),
                        names -> names.stream().anyMatch(wanted))
                .stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(JsonNode logs) {
        return StreamSupport.stream(logs.required("logs").spliterator(), false)
                .map(log -> log.required("name").asText())
                .toList();
    }

    private static Path file(LocalCluster cluster, String name) {
        return cluster.installation().sandbox().log().resolve(name);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
