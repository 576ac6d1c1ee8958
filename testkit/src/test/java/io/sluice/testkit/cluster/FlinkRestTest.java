package io.sluice.testkit.cluster;

import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.JobCheckpoints.Snapshot;
import io.sluice.testkit.cluster.JobDetails.Vertex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlinkRestTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private TestingRestServer server;
    private FlinkRest rest;

    @BeforeEach
    void startServer() throws Exception {
        server = new TestingRestServer();
        rest = new FlinkRest(server.uri());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void readsTheCluster() throws Exception {
        server.answer("GET /overview", 200, LocalClusterTest.overview(2, 4))
                .answer(
                        "GET /taskmanagers",
                        200,
                        "{\"taskmanagers\":[{\"id\":\"tm-1\",\"path\":\"p\",\"slotsNumber\":2,\"freeSlots\":1,\"dataPort\":9}]}")
                .answer(
                        "GET /jobs/overview",
                        200,
                        "{\"jobs\":[{\"jid\":\"j1\",\"name\":\"count\",\"state\":\"RUNNING\"}]}");

        assertThat(rest.overview()).isEqualTo(new ClusterOverview(2, 4, 4, 0, 0, 0, 0));
        assertThat(rest.taskManagers()).containsExactly(new TaskManagerInfo("tm-1", "p", 2, 1));
        assertThat(rest.jobs()).containsExactly(new JobSummary("j1", "count", "RUNNING"));
    }

    @Test
    void readsAJobAndWhereItRuns() throws Exception {
        server.answer(
                        "GET /jobs/j1",
                        200,
                        """
                        {"jid":"j1","name":"count","state":"RUNNING","duration":1500,"vertices":[
                          {"id":"v1","name":"Source: bids","parallelism":2,"maxParallelism":128,
                           "status":"RUNNING","tasks":{"RUNNING":2,"FAILED":0}}]}
                        """)
                .answer(
                        "GET /jobs/j1/vertices/v1",
                        200,
                        "{\"subtasks\":[{\"subtask\":0,\"attempt\":1,\"status\":\"RUNNING\",\"taskmanager-id\":\"tm-2\"}]}");

        JobDetails job = rest.job("j1");

        Vertex vertex =
                new Vertex(
                        "v1", "Source: bids", 2, 128, "RUNNING", Map.of("RUNNING", 2, "FAILED", 0));
        assertThat(job.vertices()).containsExactly(vertex);
        assertThat(job.allTasksRunning()).isTrue();
        assertThat(job.vertex("bids")).isEqualTo(vertex);
        assertThatThrownBy(() -> job.vertex("sink"))
                .hasMessage("0 vertices of job j1 have 'sink' in their names: [Source: bids].");
        assertThat(rest.subtasks("j1", "v1")).containsExactly(new Subtask(0, 1, "RUNNING", "tm-2"));
    }

    @Test
    void readsCheckpoints() throws Exception {
        server.answer(
                "GET /jobs/j1/checkpoints",
                200,
                """
                {"counts":{"restored":1,"total":9,"in_progress":1,"completed":7,"failed":2},
                 "latest":{"completed":{"id":8,"is_savepoint":false,"external_path":"file:/c/8"},
                           "savepoint":null,"failed":null,
                           "restored":{"id":5,"is_savepoint":true,"external_path":null}}}
                """);

        JobCheckpoints checkpoints = rest.checkpoints("j1");

        assertThat(checkpoints.completed()).isEqualTo(7);
        assertThat(checkpoints.failed()).isEqualTo(2);
        assertThat(checkpoints.restored()).isEqualTo(1);
        assertThat(checkpoints.latestCompleted()).contains(new Snapshot(8, false, "file:/c/8"));
        assertThat(checkpoints.latestRestored()).contains(new Snapshot(5, true, ""));
    }

    @Test
    void readsMetricsOverAllSubtasks() throws Exception {
        server.answer(
                "GET /jobs/j1/vertices/v1/subtasks/metrics?get=in,Op.state&agg=sum,max",
                200,
                "[{\"id\":\"in\",\"max\":4.0,\"sum\":7.0},{\"id\":\"Op.state\",\"max\":1.0,\"sum\":1.0}]");

        assertThat(rest.subtaskMetrics("j1", "v1", List.of("in", "Op.state")))
                .isEqualTo(
                        Map.of("in", new SubtaskMetric(7, 4), "Op.state", new SubtaskMetric(1, 1)));
    }

    @Test
    void readsFailures() throws Exception {
        server.answer(
                "GET /jobs/j1/exceptions",
                200,
                """
                {"exceptionHistory":{"truncated":false,"entries":[
                  {"exceptionName":"java.io.IOException","stacktrace":"at x","timestamp":1000,
                   "taskName":null,"taskManagerId":"tm-1","failureLabels":{"type":"USER"}},
                  {"exceptionName":"E","stacktrace":"s","timestamp":0,"taskManagerId":null,
                   "failureLabels":{}}]}}
                """);

        assertThat(rest.failures("j1"))
                .containsExactly(
                        new JobFailure(
                                "java.io.IOException",
                                "at x",
                                Instant.ofEpochSecond(1),
                                "tm-1",
                                Map.of("type", "USER")),
                        new JobFailure("E", "s", Instant.EPOCH, "", Map.of()));
    }

    @Test
    void stopWithSavepointReturnsItsLocation() throws Exception {
        server.answer("POST /jobs/j1/stop", 202, "{\"request-id\":\"t1\"}")
                .answer(
                        "GET /jobs/j1/savepoints/t1",
                        200,
                        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"file:/s/1\"}}");

        String location = rest.stopWithSavepoint("j1", "file:/s", DEADLINE);

        assertThat(location).isEqualTo("file:/s/1");
        assertThat(server.requests())
                .containsExactly(
                        "POST /jobs/j1/stop {\"drain\":false,\"targetDirectory\":\"file:/s\"}",
                        "GET /jobs/j1/savepoints/t1");
    }

    @Test
    void failedSavepointSaysWhy() {
        server.answer("POST /jobs/j1/savepoints", 202, "{\"request-id\":\"t1\"}")
                .answer(
                        "GET /jobs/j1/savepoints/t1",
                        200,
                        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"failure-cause\":{\"class\":\"E\",\"stack-trace\":\"E: disk full\"}}}");

        assertThatThrownBy(() -> rest.savepoint("j1", null, DEADLINE))
                .isInstanceOf(GiveUpException.class)
                .hasMessage("The savepoint of job j1 failed: E: disk full");
    }

    @Test
    void cancelIsAPatch() throws Exception {
        server.answer("PATCH /jobs/j1?mode=cancel", 202, "{}");

        rest.cancel("j1");

        assertThat(server.requests()).containsExactly("PATCH /jobs/j1?mode=cancel");
    }

    @Test
    void deleteReturnsTheAnswer() throws Exception {
        server.answer("DELETE /v1/sessions/s1", 200, "{\"status\":\"CLOSED\"}");

        assertThat(rest.delete("/v1/sessions/s1").path("status").asText()).isEqualTo("CLOSED");

        assertThat(server.requests()).containsExactly("DELETE /v1/sessions/s1");
    }

    @Test
    void failureNamesMethodPathStatusAndBody() {
        assertThatThrownBy(() -> rest.job("j9"))
                .isInstanceOf(RestException.class)
                .hasMessage(
                        "GET %s/jobs/j9 failed with status 404: {\"errors\":[\"none\"]}"
                                .formatted(server.uri()))
                .extracting(e -> ((RestException) e).status())
                .isEqualTo(404);
    }

    @Test
    void answerOfAnotherShapeIsAFailure() {
        server.answer("GET /overview", 200, "{\"taskmanagers\":1}");

        assertThatThrownBy(() -> rest.overview())
                .isInstanceOf(RestException.class)
                .hasMessageStartingWith(
                        "GET %s/overview gave JSON of another shape: ".formatted(server.uri()))
                .hasMessageContaining("slots-total")
                .hasMessageEndingWith("Body: {\"taskmanagers\":1}");
    }

    @Test
    void serverThatIsNotThereIsNamed() {
        URI nobody = URI.create("http://localhost:" + FreePorts.pick(1).get(0));

        assertThatThrownBy(() -> new FlinkRest(nobody).overview())
                .isInstanceOf(RestException.class)
                .hasMessage(
                        "GET %s/overview got no answer: java.net.ConnectException"
                                .formatted(nobody));
    }

    @Test
    void uploadsAJarAndRunsIt(@TempDir Path directory) throws Exception {
        Path jar = Files.writeString(directory.resolve("job.jar"), "classes");
        server.answer(
                        "POST /jars/upload",
                        200,
                        "{\"filename\":\"/tmp/upload/1_job.jar\",\"status\":\"success\"}")
                .answer("POST /jars/1_job.jar/run", 200, "{\"jobid\":\"j1\"}");

        String id = rest.uploadJar(jar);
        String job = rest.runJar(id, "Main", "file:/chk-1", List.of("a", "b"));

        assertThat(job).isEqualTo("j1");
        assertThat(server.requests().get(0))
                .contains("name=\"jarfile\"; filename=\"job.jar\"")
                .contains("\r\n\r\nclasses\r\n--");
        assertThat(server.requests().get(1))
                .isEqualTo(
                        "POST /jars/1_job.jar/run {\"entryClass\":\"Main\",\"savepointPath\":\"file:/chk-1\",\"programArgsList\":[\"a\",\"b\"]}");
    }

    @Test
    void takesACheckpoint() throws Exception {
        server.answer("POST /jobs/j1/checkpoints", 202, "{\"request-id\":\"r1\"}")
                .answer(
                        "GET /jobs/j1/checkpoints/r1",
                        200,
                        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":7}}");

        assertThat(rest.checkpoint("j1", DEADLINE)).isEqualTo(7);
    }

    @Test
    void saysWhyACheckpointFailed() {
        server.answer("POST /jobs/j1/checkpoints", 202, "{\"request-id\":\"r1\"}")
                .answer(
                        "GET /jobs/j1/checkpoints/r1",
                        200,
                        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"failureCause\":{\"class\":\"c\",\"stack-trace\":\"It expired.\"}}}");

        assertThatThrownBy(() -> rest.checkpoint("j1", DEADLINE))
                .isInstanceOf(GiveUpException.class)
                .hasMessage("The checkpoint of job j1 failed: It expired.");
    }
}
