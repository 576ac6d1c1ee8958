package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.systemtests.faults.job.Switches;
import io.sluice.systemtests.faults.job.TallyJob;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LocalCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import static io.sluice.systemtests.LedgerCluster.DEADLINE;
import static io.sluice.systemtests.LedgerCluster.POLLING;
import static io.sluice.systemtests.LedgerCluster.UNKNOWN_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A job is stopped with its last checkpoint and started again from that, or from its copy. */
class StopWithCheckpointST {

    private static final String PATH = "/jobs/%s/stop-with-checkpoint";

    private static final NexmarkSettings STREAM =
            NexmarkSettings.defaults()
                    .withEvents(80_000)
                    .withEventsPerSecond(4_000)
                    .withAuctionsLeftOpen(1000);

    private final RestContract contract;

    private @Nullable LedgerCluster cluster;

    StopWithCheckpointST() throws IOException {
        contract = RestContract.load();
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** State in both tiers, with files that were merged and shared between checkpoints. */
    @ParameterizedTest
    @CsvSource({"adaptive, false", "rocksdb, true", "hashmap, false"})
    void exportedCheckpointMayBeMovedAndRestoresTheExactState(String backend, boolean merged)
            throws Exception {
        FlinkRest rest =
                start(
                        Map.of(
                                "state.backend.type",
                                backend,
                                "execution.checkpointing.file-merging.enabled",
                                Boolean.toString(merged)));
        Path output = output();
        String job = submit(List.of(), output);
        awaitCheckpoints(rest, job, 3);
        if (backend.equals("adaptive")) {
            rest.post(
                    "/jobs/%s/state-migrations".formatted(job),
                    "{\"target\":\"disk\",\"share\":0.5,\"pace\":1}");
            awaitCheckpoints(rest, job, 3);
        }
        Path exports = cluster().directory("exports");

        JsonNode stopped =
                stop(rest, job, "{\"export-directory\":\"%s\"}".formatted(exports.toUri()));
        Path moved = cluster().directory("elsewhere").resolve("copy");
        Files.move(Path.of(URI.create(stopped.path("export").asText())), moved);
        deleteTree(cluster().processes().installation().sandbox().checkpoints().resolve(job));
        String again = submit(List.of("-s", moved.toUri().toString()), output);
        cluster().awaitEnd(again);

        assertThat(stopped.path("checkpoint-triggered").asBoolean()).isTrue();
        assertThat(stopped.path("export-bytes").asLong()).isPositive();
        assertThat(rest.job(job).status()).isEqualTo("CANCELED");
        LedgerCluster.requireExact(output, STREAM);
    }

    @ConcurrentTest
    void lastCheckpointIsGoodEnoughIfItIsNotTooOld() throws Exception {
        FlinkRest rest = start(Map.of("execution.checkpointing.interval", "1 s"));
        Path output = output();
        String job = submit(List.of(), output);
        awaitCheckpoints(rest, job, 1);

        JsonNode stopped = stop(rest, job, "{\"max-age\":\"1 h\"}");
        String again = submit(List.of("-s", stopped.path("checkpoint").asText()), output);
        cluster().awaitEnd(again);

        assertThat(stopped.path("checkpoint-triggered").asBoolean()).isFalse();
        assertThat(stopped.has("export")).isFalse();
        LedgerCluster.requireExact(output, STREAM);
    }

    @ConcurrentTest
    void commandLineStopsAndTellsThePath() throws Exception {
        FlinkRest rest = start(Map.of());
        Command.Result unknown =
                cluster()
                        .processes()
                        .command("flink", "stop", "--checkpoint", UNKNOWN_ID)
                        .run(DEADLINE);
        Path output = output();
        String job = submit(List.of(), output);
        awaitCheckpoints(rest, job, 1);

        Command.Result stopped =
                cluster()
                        .processes()
                        .command("flink", "stop", "--checkpoint", "--max-age", "0 s", job)
                        .run(DEADLINE)
                        .requireSuccess();
        MatchResult path =
                Pattern.compile("Job " + job + " has stopped\\. Checkpoint: (\\S+)")
                        .matcher(stopped.stdout())
                        .results()
                        .findFirst()
                        .orElseThrow();
        String again = submit(List.of("-s", path.group(1)), output);
        cluster().awaitEnd(again);

        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.stderr()).contains("There is no job %s here.".formatted(UNKNOWN_ID));
        LedgerCluster.requireExact(output, STREAM);
    }

    @ConcurrentTest
    void jobThatWouldLoseItsCheckpointsIsNotStopped() throws Exception {
        FlinkRest rest =
                start(
                        Map.of(
                                "execution.checkpointing.externalized-checkpoint-retention",
                                "DELETE_ON_CANCELLATION"));
        String job = submit(List.of(), output());
        awaitCheckpoints(rest, job, 1);

        requireFailure(
                rest,
                job,
                "{}",
                409,
                "Set execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION and start it again, or stop it with a savepoint.");
        requireFailure(
                rest, job, "{\"max-age\":\"old\"}", 400, "Field 'max-age' must be a duration");
        requireFailure(
                rest,
                job,
                "{\"export-directory\":\"exports\"}",
                400,
                "Field 'export-directory' must be a path with its scheme");
        requireFailure(rest, UNKNOWN_ID, "{}", 404, "There is no job " + UNKNOWN_ID);
        RestException status =
                catchThrowableOfType(
                        RestException.class,
                        () -> rest.get(PATH.formatted(job) + "/" + UNKNOWN_ID));
        assertThat(status.status()).isEqualTo(404);
        assertThat(rest.job(job).status()).isEqualTo("RUNNING");
    }

    @ConcurrentTest
    void failedExportLeavesTheCheckpointAndSaysWhy() throws Exception {
        FlinkRest rest = start(Map.of());
        Path output = output();
        String job = submit(List.of(), output);
        awaitCheckpoints(rest, job, 1);
        Path file = Files.createFile(cluster().directory("no").resolve("file"));

        String trigger =
                trigger(rest, job, "{\"export-directory\":\"%s\"}".formatted(file.toUri()));
        JsonNode failed = awaitStop(rest, job, trigger, "FAILED");
        String again = submit(List.of("-s", failed.path("checkpoint").asText()), output);
        cluster().awaitEnd(again);

        assertThat(failed.path("message").asText())
                .startsWith(
                        "The job has stopped and its checkpoint is there, but it could not be exported: ");
        LedgerCluster.requireExact(output, STREAM);
    }

    @ConcurrentTest
    void stopIsOneHoweverOftenItIsAskedForAndIsGivenUpIfItsJobManagerDies(
            @TempDir Path switchesDirectory) throws Exception {
        Switches switches = new Switches(switchesDirectory);
        FlinkRest rest =
                start(
                        builder()
                                .env(Switches.VARIABLE, switchesDirectory.toString())
                                .config("execution.checkpointing.interval", "1 h"));
        String job = cluster().submitTally();
        POLLING.until(
                "state of every key",
                DEADLINE,
                () -> IntStream.range(0, TallyJob.PARALLELISM).allMatch(switches::isFilled));
        switches.turnOn(Switches.HOLD_SNAPSHOT);

        try (LaunchedProcess command =
                cluster()
                        .processes()
                        .command("flink", "stop", "--checkpoint", job)
                        .start("stop-with-checkpoint")) {
            POLLING.until(
                    "a checkpoint that is held",
                    DEADLINE,
                    () -> switches.isHeld(Switches.HOLD_SNAPSHOT));
            String trigger = trigger(rest, job, "{}");
            requireFailure(
                    rest,
                    job,
                    "{\"max-age\":\"1 h\"}",
                    409,
                    "Stop %s of job %s is under way, with other fields. Wait until it is done."
                            .formatted(trigger, job));
            cluster().processes().killJobManager();
            cluster().processes().startJobManager();

            assertThat(command.awaitExit(DEADLINE)).isEqualTo(1);
            assertThat(command.output())
                    .contains(
                            "Nothing is known of stop %s of job %s: it was asked of another JobManager, which may have died, or a while ago. If 'flink list' shows that the job runs, stop it again."
                                    .formatted(trigger, job));
        }
    }

    private FlinkRest start(Map<String, String> config) throws InterruptedException {
        return start(builder().config(config));
    }

    private FlinkRest start(LocalCluster.Builder builder) throws InterruptedException {
        LedgerCluster started = LedgerCluster.start(builder);
        cluster = started;
        return started.rest();
    }

    private static LocalCluster.Builder builder() {
        return LedgerCluster.builder(1)
                .config("execution.checkpointing.interval", "300 ms")
                .config(
                        "execution.checkpointing.externalized-checkpoint-retention",
                        "RETAIN_ON_CANCELLATION")
                // Else small state is in the metadata, and there is nothing to copy.
                .config("execution.checkpointing.data-inline-threshold", "0 b");
    }

    private LedgerCluster cluster() {
        if (cluster == null) {
            throw new IllegalStateException("The cluster has not been started.");
        }
        return cluster;
    }

    private Path output() {
        return cluster().output();
    }

    private String submit(List<String> options, Path output) throws InterruptedException {
        return cluster().submit(options, output, STREAM);
    }

    /** Waits for so many checkpoints more than there are. */
    private void awaitCheckpoints(FlinkRest rest, String job, int more)
            throws InterruptedException {
        cluster().awaitRunning(job);
        long before = rest.checkpoints(job).completed();
        POLLING.until(
                "%d checkpoints".formatted(more),
                DEADLINE,
                () -> rest.checkpoints(job).completed(),
                completed -> completed >= before + more);
    }

    private JsonNode stop(FlinkRest rest, String job, String body) throws InterruptedException {
        return awaitStop(rest, job, trigger(rest, job, body), "COMPLETED");
    }

    private String trigger(FlinkRest rest, String job, String body) throws InterruptedException {
        JsonNode answer = rest.post(PATH.formatted(job), body);
        assertThat(contract.deviations("post", PATH.formatted("{jobid}"), 202, answer)).isEmpty();
        return answer.required("request-id").asText();
    }

    private JsonNode awaitStop(FlinkRest rest, String job, String trigger, String phase)
            throws InterruptedException {
        JsonNode stop =
                POLLING.until(
                        "stop %s to be over".formatted(trigger),
                        DEADLINE,
                        () -> rest.get(PATH.formatted(job) + "/" + trigger),
                        status -> !status.at("/status/id").asText().equals("IN_PROGRESS"));
        assertThat(
                        contract.deviations(
                                "get", PATH.formatted("{jobid}") + "/{triggerid}", 200, stop))
                .isEmpty();
        assertThat(stop.at("/status/id").asText()).as(stop.toString()).isEqualTo(phase);
        return stop;
    }

    private void requireFailure(FlinkRest rest, String job, String body, int status, String message)
            throws Exception {
        RestException failure =
                catchThrowableOfType(
                        RestException.class, () -> rest.post(PATH.formatted(job), body));

        assertThat(failure.status()).as(failure.getMessage()).isEqualTo(status);
        assertThat(failure).hasMessageContaining(message);
        assertThat(
                        contract.deviations(
                                "post",
                                PATH.formatted("{jobid}"),
                                status,
                                new ObjectMapper().readTree(failure.body())))
                .isEmpty();
    }

    private static void deleteTree(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
