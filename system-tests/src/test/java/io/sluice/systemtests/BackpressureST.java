package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import io.sluice.examples.backpressure.SlowStepJob;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.LocalCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Backpressure is found and explained in a JobManager and a TaskManager that are real processes.
 */
@Undisturbed
class BackpressureST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(200));
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String NOW = "/jobs/%s/backpressure";
    private static final String HISTORY = NOW + "/history";
    private static final String EPISODES = NOW + "/episodes";
    private static final String UNKNOWN_ID = "0123456789abcdef0123456789abcdef";

    private static final Pattern OUR_METRICS =
            Pattern.compile("flink_taskmanager_job_task_backPressureEpisode\\w*");

    private final RestContract contract;

    private @Nullable LocalCluster cluster;

    BackpressureST() throws IOException {
        contract = RestContract.load();
    }

    @AfterEach
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void routesTellWhoHoldsBackWhom() throws Exception {
        FlinkRest rest = start(Map.of("sluice.backpressure.edges", "true"));
        String job = submit();

        // Until buffers are full, and processors are free enough to tell a wait from work.
        JsonNode now =
                await(
                        "the slow step as the cause, as it waits",
                        () -> get(rest, NOW, job, ""),
                        answer ->
                                isCause(answer)
                                        && answer.at("/causes/0/kind")
                                                .asText()
                                                .equals("EXTERNAL_WAIT")
                                        && answer.at("/causes/0/holds-back").size() == 2
                                        && vertex(answer, "Parse").path("backpressured").asDouble()
                                                > 0.5
                                        && edge(answer, "Parse", SlowStepJob.SLOW_STEP)
                                                        .path("pool-usage")
                                                        .asDouble()
                                                > 0.9);
        JsonNode episodes =
                await(
                        "episodes of all three subtasks whose cause is known",
                        () -> get(rest, EPISODES, job, ""),
                        answer ->
                                answer.path("kept").asInt() >= 3
                                        && !answer.at("/episodes/0/caused-by").isEmpty());
        JsonNode history = get(rest, HISTORY, job, "");
        String slow = now.at("/causes/0/vertex-id").asText();
        JsonNode ofSlow = get(rest, EPISODES, job, "?vertex=" + slow);
        JsonNode one = get(rest, EPISODES, job, "?limit=1");

        assertThat(now.path("job-name").asText()).isEqualTo(SlowStepJob.NAME);
        assertThat(now.path("vertices")).hasSize(6);
        assertThat(now.path("edges")).hasSize(5);
        assertThat(now.path("silent-taskmanagers")).isEmpty();
        assertThat(now.at("/causes/0/role").asText()).isEqualTo("CAUSE");
        JsonNode parse = vertex(now, "Parse");
        assertThat(parse.path("caused-by")).hasSize(1);
        assertThat(parse.at("/caused-by/0").asText()).isEqualTo(slow);
        assertThat(edge(now, "Parse", "Lengths").path("pool-usage").asDouble()).isLessThan(0.5);

        JsonNode episode = episodes.at("/episodes/0");
        assertThat(episode.path("ongoing").asBoolean()).isTrue();
        assertThat(episode.path("duration").asLong()).isPositive();
        assertThat(episode.path("taskmanager-id").asText()).isEqualTo("tm-1");
        assertThat(episode.at("/caused-by/0/vertex-name").asText())
                .isEqualTo(SlowStepJob.SLOW_STEP);
        assertThat(ofSlow.path("episodes")).isEmpty();
        assertThat(one.path("episodes")).hasSize(1);
        assertThat(one.path("kept").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(history.path("vertices")).hasSize(6);
        // While classes are still loaded, others are slow too.
        assertThat(history.path("causes"))
                .anyMatch(past -> past.path("vertex-id").asText().equals(slow));
    }

    @Test
    void badRequestsAreToldWhatToChange() throws Exception {
        FlinkRest rest = start(Map.of());
        String job = submit();

        for (String path : List.of(NOW, HISTORY, EPISODES)) {
            requireFailure(
                    rest, path, UNKNOWN_ID, "", 404, "There is no job " + UNKNOWN_ID + " here.");
        }
        requireFailure(
                rest,
                HISTORY,
                job,
                "?from=yesterday",
                400,
                "Parameter 'from' must be a whole number from 0, not 'yesterday'.");
        requireFailure(
                rest,
                HISTORY,
                job,
                "?step=1",
                400,
                "Parameter 'step' is 1 ms; it must be at least the period of reports, which is 1000 ms.");
        requireFailure(
                rest,
                EPISODES,
                job,
                "?limit=20000",
                400,
                "Parameter 'limit' is 20000; it must be at most 1000.");
        requireFailure(
                rest,
                EPISODES,
                job,
                "?vertex=" + UNKNOWN_ID,
                404,
                "Job %s has no vertex %s. It has: ".formatted(job, UNKNOWN_ID));
    }

    @Test
    void prometheusGetsTheMetricsWhateverReportersAreListed() throws Exception {
        List<Integer> ports = FreePorts.pick(2);
        FlinkRest rest =
                start(
                        Map.of(
                                "metrics.reporters",
                                "prom",
                                "metrics.reporter.prom.factory.class",
                                "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
                                // One for the JobManager, one for the TaskManager.
                                "metrics.reporter.prom.port",
                                "%d,%d".formatted(ports.get(0), ports.get(1))));
        String job = submit();
        awaitCause(rest, job);

        String scraped =
                POLLING.until(
                        "an episode in a scrape",
                        DEADLINE,
                        () -> scrape(ports),
                        text -> value(text, "backPressureEpisodes", "Parse") >= 1);

        assertThat(value(scraped, "backPressureEpisodeMsTotal", "Parse")).isPositive();
        assertThat(value(scraped, "backPressureEpisodeCurrentMs", "Parse")).isPositive();
        assertThat(value(scraped, "backPressureEpisodeMaxMs", "Parse")).isPositive();
        assertThat(value(scraped, "backPressureEpisodes", SlowStepJob.SLOW_STEP)).isZero();
        assertThat(names(scraped)).hasSize(4).isEqualTo(names(dashboard()));
    }

    @Test
    void switchedOffNothingIsTracked() throws Exception {
        FlinkRest rest = start(Map.of("sluice.backpressure.enabled", "false"));
        String job = submit();

        for (String path : List.of(NOW, HISTORY, EPISODES)) {
            requireFailure(
                    rest,
                    path,
                    job,
                    "",
                    409,
                    "Backpressure is not tracked in this cluster. Set 'sluice.backpressure.enabled' to true for JobManager and TaskManagers, and restart them.");
        }
        String vertex = rest.job(job).vertex("Parse").id();
        assertThat(rest.get("/jobs/%s/vertices/%s/subtasks/metrics".formatted(job, vertex)))
                .extracting(metric -> metric.path("id").asText())
                .doesNotContain("backPressureEpisodes");
    }

    @Test
    void optionsThatMakeNoSenseStopTheTaskManagerWithTheReason() throws Exception {
        start(Map.of("sluice.backpressure.sampling-interval", "3 s"));

        POLLING.until(
                "the reason in the log",
                DEADLINE,
                () -> cluster().taskManager("tm-1").output(),
                log ->
                        log.contains(
                                "The TaskManager does not start: 'sluice.backpressure.report-interval' is 1000 ms, no multiple of 'sluice.backpressure.sampling-interval', which is 3000 ms. Change one of them."));
    }

    @Test
    void historyOutlivesTheJobManager() throws Exception {
        try (ZooKeeper zooKeeper = ZooKeeper.start()) {
            FlinkRest rest =
                    start(
                            Map.of(
                                    "high-availability.type",
                                    "zookeeper",
                                    "high-availability.zookeeper.quorum",
                                    zooKeeper.address(),
                                    "high-availability.storageDir",
                                    zooKeeper.storage().toUri().toString(),
                                    // How soon the killed JobManager's leadership ends.
                                    "high-availability.zookeeper.client.session-timeout",
                                    "4 s",
                                    "sluice.backpressure.history.dir",
                                    zooKeeper
                                            .storage()
                                            .resolve("backpressure")
                                            .toUri()
                                            .toString()));
            String job = submit();
            awaitCause(rest, job);
            JsonNode before =
                    await(
                            "history with causes",
                            () -> get(rest, HISTORY, job, "?step=1000"),
                            history -> history.path("causes").size() >= 3);
            long firstBefore = before.at("/vertices/0/points/0/time").asLong();

            // The TaskManager remembers as well, so it has to go, too.
            cluster().stopJobManager();
            cluster().killTaskManager("tm-1");
            cluster().startJobManager();
            cluster().startTaskManager();
            JsonNode after =
                    await(
                            "the history of before",
                            () -> getOrNothing(rest, job),
                            history -> times(history).anyMatch(time -> time <= firstBefore));
            JsonNode later =
                    await(
                            "the history of the new TaskManager",
                            () -> getOrNothing(rest, job),
                            history -> times(history).count() > times(after).count() + 1);

            assertThat(after.path("causes").size())
                    .isGreaterThanOrEqualTo(before.path("causes").size());
            assertThat(times(later).min()).hasValue(firstBefore);
        }
    }

    private static LongStream times(JsonNode history) {
        return StreamSupport.stream(history.at("/vertices/0/points").spliterator(), false)
                .mapToLong(point -> point.path("time").asLong());
    }

    /** Period by period; nothing where a JobManager that has just started has no answer yet. */
    private JsonNode getOrNothing(FlinkRest rest, String job) throws InterruptedException {
        try {
            return get(rest, HISTORY, job, "?step=1000");
        } catch (RestException e) {
            assertThat(e.status()).as(e.getMessage()).isIn(0, 404, 500, 503);
            return JSON.createObjectNode();
        }
    }

    private FlinkRest start(Map<String, String> config) throws InterruptedException {
        LocalCluster started =
                LocalCluster.of(Distribution.fromSystemProperty())
                        .slotsPerTaskManager(2)
                        .config("sluice.backpressure.report-interval", "1 s")
                        .config("restart-strategy.type", "fixed-delay")
                        .config("restart-strategy.fixed-delay.attempts", "100")
                        .config(config)
                        .start();
        cluster = started;
        return started.rest();
    }

    private LocalCluster cluster() {
        return Objects.requireNonNull(cluster);
    }

    /** Starts the job whose slow step waits, which leaves the machine to the others. */
    private String submit() throws InterruptedException {
        LocalCluster running = cluster();
        running.awaitReady(2);
        String job =
                running.submit(
                        running.installation().distribution().examples().resolve("slow-step.jar"),
                        "--wait");
        POLLING.until(
                "all tasks of the job",
                DEADLINE,
                () -> running.rest().job(job),
                JobDetails::allTasksRunning);
        return job;
    }

    private JsonNode awaitCause(FlinkRest rest, String job) throws InterruptedException {
        return await(
                "the slow step as first cause",
                () -> get(rest, NOW, job, ""),
                answer -> isCause(answer) && vertex(answer, "Parse").has("backpressured-since"));
    }

    private static boolean isCause(JsonNode answer) {
        return answer.at("/causes/0/vertex-name").asText().equals(SlowStepJob.SLOW_STEP);
    }

    private interface Question {
        JsonNode ask() throws InterruptedException;
    }

    private static JsonNode await(String what, Question question, Predicate<JsonNode> wanted)
            throws InterruptedException {
        return POLLING.until(what, DEADLINE, question::ask, wanted);
    }

    private JsonNode get(FlinkRest rest, String path, String job, String query)
            throws InterruptedException {
        JsonNode answer = rest.get(path.formatted(job) + query);
        assertThat(contract.deviations("get", path.formatted("{jobid}"), 200, answer)).isEmpty();
        return answer;
    }

    private void requireFailure(
            FlinkRest rest, String path, String job, String query, int status, String message)
            throws IOException {
        RestException failure =
                catchThrowableOfType(
                        RestException.class, () -> rest.get(path.formatted(job) + query));

        assertThat(failure.status()).as(failure.getMessage()).isEqualTo(status);
        assertThat(failure).hasMessageContaining(message);
        assertThat(
                        contract.deviations(
                                "get",
                                path.formatted("{jobid}"),
                                status,
                                JSON.readTree(failure.body())))
                .isEmpty();
    }

    private static JsonNode vertex(JsonNode answer, String name) {
        return StreamSupport.stream(answer.path("vertices").spliterator(), false)
                .filter(vertex -> vertex.path("vertex-name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode edge(JsonNode answer, String source, String target) {
        String from = vertex(answer, source).path("vertex-id").asText();
        String to = vertex(answer, target).path("vertex-id").asText();
        return StreamSupport.stream(answer.path("edges").spliterator(), false)
                .filter(edge -> edge.path("source").asText().equals(from))
                .filter(edge -> edge.path("target").asText().equals(to))
                .findFirst()
                .orElseThrow();
    }

    /** Returns what the TaskManager has for Prometheus; nothing while it is not there yet. */
    private static String scrape(List<Integer> ports) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        StringBuilder text = new StringBuilder();
        for (int port : ports) {
            try {
                text.append(
                        client.send(
                                        HttpRequest.newBuilder(
                                                        URI.create(
                                                                "http://localhost:%d/metrics"
                                                                        .formatted(port)))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body());
            } catch (ConnectException e) {
                text.append("# Nobody answers at %d yet.\n".formatted(port));
            }
        }
        return text.toString();
    }

    /** Returns the greatest value of a metric among the subtasks of a task; -1 if there is none. */
    private static double value(String scraped, String metric, String task) {
        Matcher lines =
                Pattern.compile(
                                "(?m)^flink_taskmanager_job_task_%s\\{[^}]*task_name=\"%s\"[^}]*} (\\S+)$"
                                        .formatted(metric, task.replace(' ', '.')))
                        .matcher(scraped);
        double greatest = -1;
        while (lines.find()) {
            greatest = Math.max(greatest, Double.parseDouble(lines.group(1)));
        }
        return greatest;
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher found = OUR_METRICS.matcher(text);
        while (found.find()) {
            names.add(found.group());
        }
        return names;
    }

    private static String dashboard() throws IOException {
        Path file =
                Distribution.fromSystemProperty().home().resolve("dashboards/backpressure.json");
        return Files.readString(file);
    }
}
