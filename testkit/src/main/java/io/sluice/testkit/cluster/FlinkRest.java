package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * A client of Flink's REST API: of a JobManager, a history server or an SQL gateway. Thread-safe.
 *
 * <p>Every call fails with a {@link RestException} unless the answer is a 2xx with JSON of the
 * expected shape; nothing is retried.
 */
public final class FlinkRest {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final HttpClient http;

    /** Creates a client for {@code base}, such as {@code http://localhost:8081}. */
    public FlinkRest(URI base) {
        this.base = base;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
    }

    public URI base() {
        return base;
    }

    public ClusterOverview overview() throws InterruptedException {
        return read("/overview", ClusterOverview::of);
    }

    public List<TaskManagerInfo> taskManagers() throws InterruptedException {
        return readList("/taskmanagers", "taskmanagers", TaskManagerInfo::of);
    }

    public List<JobSummary> jobs() throws InterruptedException {
        return readList("/jobs/overview", "jobs", JobSummary::of);
    }

    public JobDetails job(String jobId) throws InterruptedException {
        return read("/jobs/" + jobId, JobDetails::of);
    }

    public JobCheckpoints checkpoints(String jobId) throws InterruptedException {
        return read("/jobs/%s/checkpoints".formatted(jobId), JobCheckpoints::of);
    }

    /** Returns the failures of the job that Flink remembers, the latest first. */
    public List<JobFailure> failures(String jobId) throws InterruptedException {
        return read(
                "/jobs/%s/exceptions".formatted(jobId),
                json ->
                        listOf(
                                json.required("exceptionHistory").required("entries"),
                                JobFailure::of));
    }

    /** Returns the subtasks of a vertex: which attempt of each runs on which TaskManager. */
    public List<Subtask> subtasks(String jobId, String vertexId) throws InterruptedException {
        return readList("/jobs/%s/vertices/%s".formatted(jobId, vertexId), "subtasks", Subtask::of);
    }

    /**
     * Returns metrics of a vertex by name, each over all its subtasks; as old as the JobManager's
     * {@code metrics.fetcher.update-interval} lets them be. Empty as long as no subtask has
     * reported one of them: Flink answers nothing if a single one is missing.
     */
    public Map<String, SubtaskMetric> subtaskMetrics(
            String jobId, String vertexId, Collection<String> names) throws InterruptedException {
        String path =
                "/jobs/%s/vertices/%s/subtasks/metrics?get=%s&agg=sum,max"
                        .formatted(jobId, vertexId, String.join(",", names));
        return read(
                path,
                json -> {
                    Map<String, SubtaskMetric> metrics = new TreeMap<>();
                    json.forEach(
                            metric ->
                                    metrics.put(
                                            metric.required("id").asText(),
                                            SubtaskMetric.of(metric)));
                    return metrics;
                });
    }

    /** Gives a jar to the JobManager and returns the id that {@link #runJar} takes. */
    public String uploadJar(Path jar) throws InterruptedException {
        String boundary = "sluice-" + UUID.randomUUID();
        byte[] head =
                """
                --%s\r
                Content-Disposition: form-data; name="jarfile"; filename="%s"\r
                Content-Type: application/java-archive\r
                \r
                """
                        .formatted(boundary, jar.getFileName())
                        .getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\r\n--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.UTF_8);
        BodyPublisher content;
        try {
            content = BodyPublishers.ofFile(jar);
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException("There is no jar %s to upload.".formatted(jar), e);
        }
        JsonNode answer =
                call(
                        "POST",
                        "/jars/upload",
                        "multipart/form-data; boundary=" + boundary,
                        BodyPublishers.concat(
                                BodyPublishers.ofByteArray(head),
                                content,
                                BodyPublishers.ofByteArray(tail)));
        return String.valueOf(Path.of(answer.required("filename").asText()).getFileName());
    }

    /**
     * Runs the main method of an uploaded jar in the JobManager and returns the job's id; much
     * faster than {@code flink run}.
     *
     * @param savepointPath the savepoint or checkpoint to start from, or null
     */
    public String runJar(
            String jarId, String mainClass, @Nullable String savepointPath, List<String> arguments)
            throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("entryClass", mainClass);
        if (savepointPath != null) {
            body.put("savepointPath", savepointPath);
        }
        ArrayNode list = body.putArray("programArgsList");
        arguments.forEach(list::add);
        return post("/jars/%s/run".formatted(jarId), body.toString()).required("jobid").asText();
    }

    /**
     * Takes a checkpoint now and returns its id.
     *
     * @throws GiveUpException if it fails
     */
    public long checkpoint(String jobId, Duration deadline) throws InterruptedException {
        JsonNode operation =
                awaitOperation(
                        "the checkpoint of job " + jobId,
                        "/jobs/%s/checkpoints".formatted(jobId),
                        triggerCheckpoint(jobId),
                        deadline);
        JsonNode id = operation.path("checkpointId");
        if (!id.isNumber()) {
            throw new GiveUpException(
                    "The checkpoint of job %s failed: %s"
                            .formatted(
                                    jobId,
                                    operation.path("failureCause").path("stack-trace").asText()));
        }
        return id.asLong();
    }

    /** Asks for a checkpoint and returns the id of the request. */
    public String triggerCheckpoint(String jobId) throws InterruptedException {
        return post("/jobs/%s/checkpoints".formatted(jobId), "{\"checkpointType\":\"CONFIGURED\"}")
                .required("request-id")
                .asText();
    }

    /** Asks for the cancellation of a job and does not wait for it. */
    public void cancel(String jobId) throws InterruptedException {
        call("PATCH", "/jobs/%s?mode=cancel".formatted(jobId), BodyPublishers.noBody());
    }

    /**
     * Takes a savepoint below {@code targetDirectory} (a URI, or null for the configured one) and
     * returns its location.
     *
     * @throws GiveUpException if the savepoint fails
     */
    public String savepoint(String jobId, @Nullable String targetDirectory, Duration deadline)
            throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("cancel-job", false);
        if (targetDirectory != null) {
            body.put("target-directory", targetDirectory);
        }
        return savepoint(jobId, "/jobs/%s/savepoints".formatted(jobId), body, deadline);
    }

    /**
     * Stops a job with a savepoint, without draining it, and returns the savepoint's location.
     *
     * @throws GiveUpException if the savepoint fails
     */
    public String stopWithSavepoint(
            String jobId, @Nullable String targetDirectory, Duration deadline)
            throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("drain", false);
        if (targetDirectory != null) {
            body.put("targetDirectory", targetDirectory);
        }
        return savepoint(jobId, "/jobs/%s/stop".formatted(jobId), body, deadline);
    }

    private String savepoint(String jobId, String path, JsonNode body, Duration deadline)
            throws InterruptedException {
        String trigger = post(path, body.toString()).path("request-id").asText();
        JsonNode operation =
                awaitOperation(
                        "the savepoint of job " + jobId,
                        "/jobs/%s/savepoints".formatted(jobId),
                        trigger,
                        deadline);
        JsonNode location = operation.path("location");
        if (!location.isTextual()) {
            throw new GiveUpException(
                    "The savepoint of job %s failed: %s"
                            .formatted(
                                    jobId,
                                    operation.path("failure-cause").path("stack-trace").asText()));
        }
        return location.asText();
    }

    private JsonNode awaitOperation(String what, String path, String request, Duration deadline)
            throws InterruptedException {
        return POLLING.until(
                        what,
                        deadline,
                        () -> get(path + "/" + request),
                        status -> status.path("status").path("id").asText().equals("COMPLETED"))
                .path("operation");
    }

    /** Returns the answer to {@code GET <base><path>}. */
    public JsonNode get(String path) throws InterruptedException {
        return call("GET", path, BodyPublishers.noBody());
    }

    /** Returns what {@code GET <base><path>} answers: any text, also that of a failure. */
    public String text(String path) throws InterruptedException {
        return send("GET", path, "application/json", BodyPublishers.noBody()).body();
    }

    /** Returns the answer to {@code POST <base><path>}. */
    public JsonNode post(String path, String json) throws InterruptedException {
        return call("POST", path, BodyPublishers.ofString(json));
    }

    /** Returns the answer to {@code PUT <base><path>}. */
    public JsonNode put(String path, String json) throws InterruptedException {
        return call("PUT", path, BodyPublishers.ofString(json));
    }

    /** Returns the answer to {@code DELETE <base><path>}. */
    public JsonNode delete(String path) throws InterruptedException {
        return call("DELETE", path, BodyPublishers.noBody());
    }

    private <T> List<T> readList(String path, String field, Function<JsonNode, T> entry)
            throws InterruptedException {
        return read(path, json -> listOf(json.required(field), entry));
    }

    private static <T> List<T> listOf(JsonNode array, Function<JsonNode, T> entry) {
        List<T> result = new ArrayList<>();
        array.forEach(element -> result.add(entry.apply(element)));
        return List.copyOf(result);
    }

    private <T> T read(String path, Function<JsonNode, T> shape) throws InterruptedException {
        JsonNode json = get(path);
        try {
            return shape.apply(json);
        } catch (IllegalArgumentException e) {
            throw new RestException(
                    "GET %s%s gave JSON of another shape: %s Body: %s"
                            .formatted(base, path, e.getMessage(), json),
                    200,
                    json.toString(),
                    e);
        }
    }

    private JsonNode call(String method, String path, BodyPublisher body)
            throws InterruptedException {
        return call(method, path, "application/json", body);
    }

    private JsonNode call(String method, String path, String contentType, BodyPublisher body)
            throws InterruptedException {
        HttpResponse<String> response = send(method, path, contentType, body);
        int status = response.statusCode();
        if (status / 100 != 2) {
            throw new RestException(
                    "%s %s%s failed with status %d: %s"
                            .formatted(method, base, path, status, response.body()),
                    status,
                    response.body(),
                    null);
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new RestException(
                    "%s %s%s gave no JSON with status %d: %s"
                            .formatted(method, base, path, status, response.body()),
                    status,
                    response.body(),
                    e);
        }
    }

    private HttpResponse<String> send(
            String method, String path, String contentType, BodyPublisher body)
            throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(CALL_TIMEOUT)
                        .header("Content-Type", contentType)
                        .method(method, body)
                        .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new RestException(
                    "%s %s%s got no answer: %s".formatted(method, base, path, e), 0, "", e);
        }
    }

    /** A call failed. */
    public static final class RestException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final String body;

        RestException(String message, int status, String body, @Nullable Throwable cause) {
            super(message, cause);
            this.status = status;
            this.body = body;
        }

        /** Returns what the answer holds; empty if there was none. */
        public String body() {
            return body;
        }

        /** Returns the HTTP status, or 0 if there was no answer. */
        public int status() {
            return status;
        }
    }
}
