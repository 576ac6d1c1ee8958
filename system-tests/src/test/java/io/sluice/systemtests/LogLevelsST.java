package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.LocalCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Log levels are set by REST, in a JobManager and TaskManagers that are processes of their own. */
class LogLevelsST {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));
    private static final String PATH = "/log-levels";

    /** Says at DEBUG that a heartbeat came, twice a second. */
    private static final String TASK_EXECUTOR =
            "org.apache.flink.runtime.taskexecutor.TaskExecutor";

    private static final String DEBUG_LINE = " DEBUG " + TASK_EXECUTOR;

    private final RestContract contract = RestContract.load();
    private final LocalCluster cluster =
            LocalCluster.of(Distribution.fromSystemProperty())
                    .taskManagers(1)
                    .config("heartbeat.interval", "500 ms")
                    .start();
    private final FlinkRest rest = cluster.rest();

    LogLevelsST() throws IOException {}

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void levelHoldsInAllTaskManagersUntilItExpires() throws Exception {
        cluster.awaitReady(1);
        boolean atFirst = hasLine("tm-1", DEBUG_LINE);

        JsonNode answer = put(TASK_EXECUTOR, "debug", "\"ttl\":\"10 min\"");
        awaitLine("tm-1", DEBUG_LINE);
        cluster.startTaskManager();
        awaitLine("tm-2", DEBUG_LINE);
        JsonNode meanwhile =
                await(
                        "both TaskManagers to have heard",
                        levels -> isUpToDate(levels, "tm-1", "tm-2"));
        put(TASK_EXECUTOR, "debug", "\"ttl\":\"1 s\"");
        JsonNode expired =
                await("the end of the level", levels -> levels.path("log-levels").isEmpty());
        awaitLine(
                "tm-1", "Logger '%s' is back at the level of its parent.".formatted(TASK_EXECUTOR));
        awaitLine(
                "tm-2", "Logger '%s' is back at the level of its parent.".formatted(TASK_EXECUTOR));

        assertThat(atFirst).isFalse();
        assertThat(answer.at("/log-levels/0/logger").asText()).isEqualTo(TASK_EXECUTOR);
        assertThat(answer.at("/log-levels/0/level").asText()).isEqualTo("DEBUG");
        assertThat(answer.at("/log-levels/0/remaining").asLong()).isBetween(1L, 600_000L);
        assertThat(meanwhile.path("log-levels")).hasSize(1);
        assertThat(meanwhile.path("processes"))
                .allMatch(process -> !process.has("problem"), "nothing in the way");
        assertThat(expired.path("processes")).hasSize(3);
    }

    @Test
    void levelOfChosenProcessesLeavesOthersAloneAndEndsOnRequest() throws Exception {
        cluster.awaitReady(1);
        String jobManagers = "\"targets\":[\"jobmanager\"]";
        String logger = "org.apache.flink.runtime.resourcemanager";

        put(logger, "DEBUG", jobManagers);
        POLLING.until(
                "debugging lines of the JobManager",
                DEADLINE,
                () -> hasLine("jobmanager", " DEBUG " + logger),
                found -> found);
        await("tm-1 to have heard", levels -> isUpToDate(levels, "tm-1"));
        JsonNode ended = put(logger, "DEFAULT", jobManagers);

        assertThat(ended.path("log-levels")).isEmpty();
        assertThat(log("jobmanager")).contains("Logger '%s' is back".formatted(logger));
        assertThat(log("tm-1")).doesNotContain("Logger '" + logger);
    }

    @Test
    void badRequestsAreToldWhatToChange() throws Exception {
        cluster.awaitReady(1);

        requireFailure(
                "{\"logger\":\"a\",\"level\":\"loud\"}", 400, "Field 'level' must be one of OFF,");
        requireFailure(
                "{\"logger\":\"a\",\"level\":\"INFO\",\"targets\":[\"tm-9\"]}",
                404,
                "There is no TaskManager tm-9. Targets are: jobmanager, tm-1.");
        assertThat(get().path("log-levels")).isEmpty();
    }

    private JsonNode get() throws InterruptedException {
        JsonNode answer = rest.get(PATH);
        assertThat(contract.deviations("get", PATH, 200, answer)).isEmpty();
        return answer;
    }

    private JsonNode put(String logger, String level, String more) throws InterruptedException {
        JsonNode answer =
                rest.put(
                        PATH,
                        "{\"logger\":\"%s\",\"level\":\"%s\",%s}".formatted(logger, level, more));
        assertThat(contract.deviations("put", PATH, 200, answer)).isEmpty();
        return answer;
    }

    private void requireFailure(String body, int status, String message) throws Exception {
        RestException failure =
                catchThrowableOfType(RestException.class, () -> rest.put(PATH, body));

        assertThat(failure.status()).as(failure.getMessage()).isEqualTo(status);
        assertThat(failure).hasMessageContaining(message);
        assertThat(
                        contract.deviations(
                                "put", PATH, status, new ObjectMapper().readTree(failure.body())))
                .isEmpty();
    }

    private JsonNode await(String what, Predicate<JsonNode> condition) throws InterruptedException {
        return POLLING.until(what, DEADLINE, this::get, condition);
    }

    private static boolean isUpToDate(JsonNode levels, String... targets) {
        return Stream.of(targets)
                .allMatch(
                        target ->
                                StreamSupport.stream(levels.path("processes").spliterator(), false)
                                        .anyMatch(
                                                process ->
                                                        process.path("target")
                                                                        .asText()
                                                                        .equals(target)
                                                                && process.path("up-to-date")
                                                                        .asBoolean()));
    }

    private void awaitLine(String process, String text) throws InterruptedException {
        POLLING.until(
                "'%s' in the log of %s".formatted(text, process),
                DEADLINE,
                () -> hasLine(process, text),
                found -> found);
    }

    private boolean hasLine(String process, String text) {
        return log(process).contains(text);
    }

    private String log(String process) {
        return process.equals("jobmanager")
                ? cluster.jobManager().output()
                : cluster.taskManager(process).output();
    }
}
