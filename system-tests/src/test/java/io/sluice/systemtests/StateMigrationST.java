package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import io.sluice.examples.nexmark.AuctionLedgerJob;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.systemtests.faults.job.Switches;
import io.sluice.systemtests.faults.job.TallyJob;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LocalCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

import static io.sluice.systemtests.LedgerCluster.DEADLINE;
import static io.sluice.systemtests.LedgerCluster.POLLING;
import static io.sluice.systemtests.LedgerCluster.UNKNOWN_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** State is moved by REST, in a JobManager and TaskManagers that are processes of their own. */
class StateMigrationST {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final NexmarkSettings STREAM =
            NexmarkSettings.defaults()
                    .withEvents(120_000)
                    .withEventsPerSecond(4_000)
                    .withAuctionsLeftOpen(1000);

    /** For longer than any test takes. */
    private static final NexmarkSettings LONG_STREAM =
            STREAM.withEvents(4_000_000).withEventsPerSecond(1_000);

    private final RestContract contract;

    private @Nullable LedgerCluster cluster;

    StateMigrationST() throws IOException {
        contract = RestContract.load();
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ConcurrentTest
    void stateMovesToDiskAndBackWhileTheJobRuns() throws Exception {
        FlinkRest rest = start();
        Path output = output();
        String job = submit(output, STREAM);
        String ledger = awaitState(rest, job);

        JsonNode atFirst = tiers(rest, job);
        String toDisk = migrate(rest, job, "{\"target\":\"disk\",\"pace\":1}");
        JsonNode moved = awaitMigration(rest, job, toDisk, "COMPLETED");
        JsonNode onDisk = tiers(rest, job);
        String halfBack =
                migrate(
                        rest,
                        job,
                        "{\"target\":\"heap\",\"share\":0.5,\"pace\":1,\"vertices\":[\"%s\"],\"taskmanagers\":[\"tm-1\"]}"
                                .formatted(ledger));
        JsonNode back = awaitMigration(rest, job, halfBack, "COMPLETED");
        JsonNode mixed = tiers(rest, job);
        cluster().awaitEnd(job);
        RestException ended = failure(rest, job, "{\"target\":\"disk\"}");

        assertThat(sum(atFirst, "key-groups-on-heap", any -> true)).isEqualTo(128);
        assertThat(moved.path("key-groups-there")).isEqualTo(moved.path("key-groups-wanted"));
        assertThat(moved.path("key-groups-wanted").asInt()).isEqualTo(128);
        assertThat(moved.path("entries-moved").asLong()).isPositive();
        assertThat(moved.path("bytes-moved").asLong()).isPositive();
        assertThat(moved.path("subtasks")).hasSize(4);
        assertThat(moved.path("silent-taskmanagers")).isEmpty();
        assertThat(onDisk.path("state-migration").asText()).isEqualTo(toDisk);
        assertThat(sum(onDisk, "key-groups-on-disk", any -> true)).isEqualTo(128);
        assertThat(back.path("subtasks"))
                .allMatch(subtask -> subtask.path("taskmanager-id").asText().equals("tm-1"));
        assertThat(sum(mixed, "key-groups-on-heap", "tm-1"::equals)).isEqualTo(32);
        assertThat(sum(mixed, "key-groups-on-disk", "tm-2"::equals)).isEqualTo(64);
        assertThat(ended.status()).isEqualTo(409);
        assertThat(ended)
                .hasMessageContaining(
                        "Job %s is FINISHED: its state cannot be moved any more.".formatted(job));
        LedgerCluster.requireExact(output, STREAM);
    }

    @ConcurrentTest
    void badRequestsAreToldWhatToChange(@TempDir Path switchesDirectory) throws Exception {
        Switches switches = new Switches(switchesDirectory);
        FlinkRest rest = start(builder().env(Switches.VARIABLE, switchesDirectory.toString()));
        String job = cluster().submitTally();
        awaitEntries(rest, job, TallyJob.PARALLELISM);
        // A task that is held moves nothing: the migration is under way until the job ends.
        switches.turnOn(Switches.HOLD_RECORDS);
        POLLING.until(
                "a task that is held", DEADLINE, () -> switches.isHeld(Switches.HOLD_RECORDS));
        String running = migrate(rest, job, "{\"target\":\"disk\"}");

        requireFailure(
                rest, UNKNOWN_ID, "{\"target\":\"disk\"}", 404, "There is no job " + UNKNOWN_ID);
        requireFailure(rest, job, "{}", 400, "Field 'target' must be one of heap, disk, auto.");
        requireFailure(
                rest,
                job,
                "{\"target\":\"disk\",\"vertices\":[\"%s\"]}".formatted(UNKNOWN_ID),
                404,
                "Job %s has no vertex %s. It has: ".formatted(job, UNKNOWN_ID));
        requireFailure(
                rest,
                job,
                "{\"target\":\"disk\",\"taskmanagers\":[\"tm-9\"]}",
                404,
                "There is no TaskManager tm-9. There are: tm-1, tm-2.");
        requireFailure(
                rest,
                job,
                "{\"target\":\"heap\"}",
                409,
                "State migration %s of job %s is under way. Wait until it is done."
                        .formatted(running, job));
        RestException otherTrigger =
                catchThrowableOfType(RestException.class, () -> migration(rest, job, UNKNOWN_ID));
        assertThat(otherTrigger.status()).isEqualTo(404);
        assertThat(otherTrigger)
                .hasMessageContaining(
                        "Job %s has no state migration %s; its last is %s."
                                .formatted(job, UNKNOWN_ID, running));
        assertThat(migration(rest, job, running).at("/status/id").asText())
                .isEqualTo("IN_PROGRESS");

        rest.cancel(job);
        JsonNode cancelled = awaitMigration(rest, job, running, "FAILED");
        assertThat(cancelled.path("message").asText())
                .isEqualTo("Job %s is CANCELED: its state is not moved any more.".formatted(job));
    }

    @ConcurrentTest
    void jobOnAnotherBackendIsToldHowToGetAdaptiveState() throws Exception {
        FlinkRest rest = start();
        String job =
                cluster().submit(List.of("-Dstate.backend.type=hashmap"), output(), LONG_STREAM);
        cluster().awaitRunning(job);
        String message = "Set state.backend.type: adaptive, and restart the job from a savepoint.";

        requireFailure(rest, job, "{\"target\":\"disk\"}", 409, message);
        RestException tiers = catchThrowableOfType(RestException.class, () -> tiers(rest, job));
        assertThat(tiers.status()).isEqualTo(409);
        assertThat(tiers).hasMessageContaining(message);
    }

    @ConcurrentTest
    void migrationGoesOnAfterATaskManagerWasKilled() throws Exception {
        FlinkRest rest = start();
        LocalCluster running = processes();
        Path output = output();
        String job = submit(output, STREAM);
        awaitState(rest, job);
        String trigger = migrate(rest, job, "{\"target\":\"disk\",\"pace\":0.001}");

        running.killTaskManager("tm-2");
        long startNanos = System.nanoTime();
        JsonNode meanwhile = migration(rest, job, trigger);
        Duration answered = Duration.ofNanos(System.nanoTime() - startNanos);
        running.startTaskManager();
        JsonNode done = awaitMigration(rest, job, trigger, "COMPLETED");
        cluster().awaitEnd(job);

        assertThat(meanwhile.at("/status/id").asText()).isEqualTo("IN_PROGRESS");
        assertThat(answered).isLessThan(Duration.ofSeconds(10));
        assertThat(done.path("key-groups-there").asInt()).isEqualTo(128);
        assertThat(done.path("subtasks"))
                .extracting(subtask -> subtask.path("taskmanager-id").asText())
                .containsOnly("tm-1", "tm-3");
        LedgerCluster.requireExact(output, STREAM);
    }

    @ConcurrentTest
    void migrationGoesOnAfterATaskManagerCameBackAtTheSameAddress() throws Exception {
        FlinkRest rest = start(builder().taskManagers(0).config("parallelism.default", "2"));
        int port = FreePorts.pick(1).get(0);
        Path output = output();
        String job;
        String trigger;
        try (LaunchedProcess first = startTaskManagerAt(port, "tm-fixed-first")) {
            processes().awaitReady(2);
            job = submit(output, STREAM);
            awaitEntries(rest, job, 2);
            trigger = migrate(rest, job, "{\"target\":\"disk\",\"pace\":0.001}");
            first.kill();
        }

        JsonNode done;
        try (LaunchedProcess second = startTaskManagerAt(port, "tm-fixed-second")) {
            done = awaitMigration(rest, job, trigger, "COMPLETED");
            cluster().awaitEnd(job);
            second.requireAlive();
        }

        assertThat(done.path("key-groups-there").asInt()).isEqualTo(128);
        assertThat(done.path("silent-taskmanagers")).isEmpty();
        LedgerCluster.requireExact(output, STREAM);
    }

    private LaunchedProcess startTaskManagerAt(int port, String name) {
        return processes()
                .command(
                        "taskmanager.sh",
                        "start-foreground",
                        "-Dtaskmanager.resource-id=tm-fixed",
                        "-Dtaskmanager.rpc.port=" + port)
                .start(name);
    }

    @ConcurrentTest
    void migrationGoesOnUnderANewJobManager() throws Exception {
        try (ZooKeeper zooKeeper = ZooKeeper.start()) {
            FlinkRest rest =
                    start(
                            builder()
                                    .config("high-availability.type", "zookeeper")
                                    .config(
                                            "high-availability.zookeeper.quorum",
                                            zooKeeper.address())
                                    .config(
                                            "high-availability.storageDir",
                                            zooKeeper.storage().toUri().toString())
                                    // How soon the killed JobManager's leadership ends.
                                    .config(
                                            "high-availability.zookeeper.client.session-timeout",
                                            "4 s"));
            Path output = output();
            String job = submit(output, STREAM);
            awaitState(rest, job);
            String trigger = migrate(rest, job, "{\"target\":\"disk\",\"pace\":0.001}");
            POLLING.until(
                    "the migration in both TaskManagers",
                    DEADLINE,
                    () -> migration(rest, job, trigger),
                    migration -> migration.path("subtasks").size() == 4);

            processes().killJobManager();
            processes().startJobManager();
            JsonNode done =
                    POLLING.until(
                            "the migration's end under the new JobManager",
                            DEADLINE,
                            () -> answerOf(() -> migration(rest, job, trigger)),
                            migration -> migration.at("/status/id").asText().equals("COMPLETED"));
            String next = migrate(rest, job, "{\"target\":\"heap\",\"pace\":1}");
            JsonNode back = awaitMigration(rest, job, next, "COMPLETED");
            cluster().awaitEnd(job);

            assertThat(done.path("key-groups-there").asInt()).isEqualTo(128);
            assertThat(back.path("key-groups-there").asInt()).isEqualTo(128);
            LedgerCluster.requireExact(output, STREAM);
        }
    }

    private interface Call {
        JsonNode answer() throws InterruptedException;
    }

    /** An answer without fields where a JobManager that has just started has none yet. */
    private static JsonNode answerOf(Call call) throws InterruptedException {
        try {
            return call.answer();
        } catch (RestException e) {
            assertThat(e.status()).as(e.getMessage()).isIn(0, 404, 500, 503);
            return JSON.createObjectNode();
        }
    }

    @ConcurrentTest
    void commandLineShowsAndMovesState() throws Exception {
        FlinkRest rest = start();
        String job = submit(output(), LONG_STREAM);
        awaitState(rest, job);

        Command.Result moved =
                processes()
                        .command("flink", "state", "migrate", "--to", "disk", "--pace", "1", job)
                        .run(DEADLINE)
                        .requireSuccess();
        Command.Result status =
                processes().command("flink", "state", "status", job).run(DEADLINE).requireSuccess();
        Command.Result noTarget =
                processes().command("flink", "state", "migrate", job).run(DEADLINE);
        Command.Result noJob = processes().command("flink", "state", "status").run(DEADLINE);
        Command.Result unknownJob =
                processes().command("flink", "state", "status", UNKNOWN_ID).run(DEADLINE);

        assertThat(moved.stdout())
                .contains("To disk: completed, 128 of 128 key groups, ")
                .containsPattern("Ledger.* +0 +tm-[12] +done +32/32 ");
        assertThat(status.stdout())
                .containsPattern("TASK +SUBTASK +TASKMANAGER +MODE +GROUPS HEAP +DISK +MOVING")
                .containsPattern("Ledger.* +3 +tm-[12] +manual +0 +32 +0 ");
        assertThat(noTarget.exitCode()).isEqualTo(1);
        assertThat(noTarget.stderr()).contains("Field 'target' must be one of heap, disk, auto.");
        assertThat(noJob.exitCode()).isEqualTo(1);
        assertThat(noJob.stderr())
                .contains("Exactly one job id is needed, not 0: []. 'flink list' shows them.");
        assertThat(unknownJob.exitCode()).isEqualTo(1);
        assertThat(unknownJob.stderr()).contains("There is no job %s here.".formatted(UNKNOWN_ID));
    }

    private FlinkRest start() throws InterruptedException {
        return start(builder());
    }

    private FlinkRest start(LocalCluster.Builder builder) throws InterruptedException {
        LedgerCluster started = LedgerCluster.start(builder);
        cluster = started;
        return started.rest();
    }

    private static LocalCluster.Builder builder() {
        return LedgerCluster.builder(2)
                .config("execution.checkpointing.interval", "500 ms")
                .config("restart-strategy.type", "fixed-delay")
                .config("restart-strategy.fixed-delay.attempts", "20")
                .config("restart-strategy.fixed-delay.delay", "500 ms")
                .config("heartbeat.interval", "500 ms")
                .config("heartbeat.timeout", "6 s");
    }

    private LedgerCluster cluster() {
        if (cluster == null) {
            throw new IllegalStateException("The cluster has not been started.");
        }
        return cluster;
    }

    private LocalCluster processes() {
        return cluster().processes();
    }

    private Path output() {
        return cluster().output();
    }

    private String submit(Path output, NexmarkSettings stream) throws InterruptedException {
        return cluster().submit(List.of(), output, stream);
    }

    /** Waits until all subtasks have state and returns the vertex that keeps it. */
    private String awaitState(FlinkRest rest, String job) throws InterruptedException {
        awaitEntries(rest, job, 4);
        return rest.job(job).vertex(AuctionLedgerJob.OPERATOR).id();
    }

    private void awaitEntries(FlinkRest rest, String job, int parallelism)
            throws InterruptedException {
        cluster().awaitRunning(job);
        POLLING.until(
                "entries in all subtasks",
                DEADLINE,
                () -> tiers(rest, job).path("subtasks"),
                subtasks ->
                        subtasks.size() == parallelism
                                && StreamSupport.stream(subtasks.spliterator(), false)
                                        .allMatch(one -> one.path("entries-on-heap").asLong() > 0));
    }

    private JsonNode tiers(FlinkRest rest, String job) throws InterruptedException {
        String path = "/jobs/%s/state-tiers";
        return required("get", path, 200, rest.get(path.formatted(job)));
    }

    private String migrate(FlinkRest rest, String job, String body) throws InterruptedException {
        String path = "/jobs/%s/state-migrations";
        return required("post", path, 202, rest.post(path.formatted(job), body))
                .required("request-id")
                .asText();
    }

    private JsonNode migration(FlinkRest rest, String job, String trigger)
            throws InterruptedException {
        String path = "/jobs/%s/state-migrations/%s";
        return required("get", path, 200, rest.get(path.formatted(job, trigger)));
    }

    /** Requires that an answer is as the contract has it. */
    private JsonNode required(String method, String path, int status, JsonNode answer) {
        String documented = path.replaceFirst("%s", "{jobid}").replaceFirst("%s", "{triggerid}");
        assertThat(contract.deviations(method, documented, status, answer)).isEmpty();
        return answer;
    }

    private JsonNode awaitMigration(FlinkRest rest, String job, String trigger, String status)
            throws InterruptedException {
        return POLLING.until(
                "migration %s to be %s".formatted(trigger, status),
                DEADLINE,
                () -> migration(rest, job, trigger),
                migration -> migration.at("/status/id").asText().equals(status));
    }

    private RestException failure(FlinkRest rest, String job, String body) {
        return catchThrowableOfType(RestException.class, () -> migrate(rest, job, body));
    }

    private void requireFailure(FlinkRest rest, String job, String body, int status, String message)
            throws JsonProcessingException {
        RestException failure = failure(rest, job, body);

        assertThat(failure.status()).as(failure.getMessage()).isEqualTo(status);
        assertThat(failure).hasMessageContaining(message);
        assertThat(
                        contract.deviations(
                                "post",
                                "/jobs/{jobid}/state-migrations",
                                status,
                                JSON.readTree(failure.body())))
                .isEmpty();
    }

    private static int sum(JsonNode tiers, String field, Predicate<String> taskManager) {
        return StreamSupport.stream(tiers.path("subtasks").spliterator(), false)
                .filter(one -> taskManager.test(one.path("taskmanager-id").asText()))
                .mapToInt(one -> one.path(field).asInt())
                .sum();
    }
}
