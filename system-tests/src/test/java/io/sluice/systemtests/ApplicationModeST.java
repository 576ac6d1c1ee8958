package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.examples.nexmark.HighestBids;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** A JobManager that runs one application and ends with it. */
class ApplicationModeST {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final String MAIN_CLASS = "io.sluice.examples.nexmark.HighestBidJob";
    private static final long EVENTS = 20_000;
    private static final Await POLLING = Await.every(Duration.ofMillis(50));

    private final Sandbox sandbox = Sandbox.create();
    private final Path output = sandbox.root().resolve("highest-bids");
    private int processes;

    @AfterEach
    void clean() throws Exception {
        sandbox.killProcesses();
        sandbox.close();
    }

    @Test
    void runsTheJarInUsrlib() throws Exception {
        Distribution distribution =
                Distribution.fromSystemProperty().copyTo(sandbox.root().resolve("sluice"));
        Path usrlib = Files.createDirectories(distribution.home().resolve("usrlib"));
        Files.copy(distribution.examples().resolve("nexmark.jar"), usrlib.resolve("nexmark.jar"));

        runToItsEnd(distribution, List.of());
    }

    @Test
    void runsTheJarThatIsNamed() throws Exception {
        Distribution distribution = Distribution.fromSystemProperty();
        Path jar = distribution.examples().resolve("nexmark.jar");

        runToItsEnd(distribution, List.of("--jars", jar.toUri().toString()));
    }

    /** The JobManager ends with its job, but not before it has told where the copy is. */
    @Test
    void jobThatIsStoppedWithItsCheckpointGoesOnInAnotherClusterFromTheCopy() throws Exception {
        NexmarkSettings stream =
                NexmarkSettings.defaults().withEvents(40_000).withEventsPerSecond(4_000);
        Installation installation =
                installation(
                        Distribution.fromSystemProperty(),
                        Map.of(
                                "execution.checkpointing.externalized-checkpoint-retention",
                                "RETAIN_ON_CANCELLATION",
                                // Else small state is in the metadata: there is nothing to copy.
                                "execution.checkpointing.data-inline-threshold",
                                "0 b"));
        FlinkRest rest = installation.rest();
        String jar =
                installation.distribution().examples().resolve("nexmark.jar").toUri().toString();
        JsonNode stopped;
        try (LaunchedProcess jobManager =
                        startJobManager(installation, List.of("--jars", jar), stream);
                LaunchedProcess taskManager = startTaskManager(installation)) {
            String job =
                    POLLING.until("the job", DEADLINE, rest::jobs, jobs -> jobs.size() == 1)
                            .get(0)
                            .id();
            POLLING.until("a checkpoint", DEADLINE, () -> rest.checkpoints(job).completed() > 0);
            stopped = stop(rest, job, sandbox.directory("exports"));

            assertThat(jobManager.awaitExit(DEADLINE)).isZero();
            assertThat(taskManager.isAlive()).isTrue();
        }
        Path moved = sandbox.directory("elsewhere").resolve("copy");
        Files.move(Path.of(URI.create(stopped.path("export").asText())), moved);
        Files.move(sandbox.checkpoints(), sandbox.root().resolve("not-here"));

        try (LaunchedProcess jobManager =
                        startJobManager(
                                installation,
                                List.of("--jars", jar, "--fromSavepoint", moved.toUri().toString()),
                                stream);
                LaunchedProcess taskManager = startTaskManager(installation)) {
            assertThat(jobManager.awaitExit(DEADLINE)).isZero();
            assertThat(taskManager.isAlive()).isTrue();
        }

        assertThat(stopped.path("export-bytes").asLong()).isPositive();
        requireExact(stream);
    }

    private static JsonNode stop(FlinkRest rest, String job, Path exports)
            throws InterruptedException {
        String path = "/jobs/%s/stop-with-checkpoint".formatted(job);
        String trigger =
                rest.post(path, "{\"export-directory\":\"%s\"}".formatted(exports.toUri()))
                        .required("request-id")
                        .asText();
        JsonNode stopped =
                POLLING.until(
                        "the end of stop " + trigger,
                        DEADLINE,
                        () -> rest.get(path + "/" + trigger),
                        status -> !status.at("/status/id").asText().equals("IN_PROGRESS"));
        assertThat(stopped.at("/status/id").asText()).as(stopped.toString()).isEqualTo("COMPLETED");
        return stopped;
    }

    private Installation installation(Distribution distribution, Map<String, String> more) {
        Map<String, String> config = new TreeMap<>(more);
        config.put("execution.checkpointing.interval", "200ms");
        config.put("taskmanager.numberOfTaskSlots", "2");
        config.put("jobmanager.memory.process.size", "1g");
        return new Installation(distribution, sandbox, config);
    }

    private LaunchedProcess startJobManager(
            Installation installation, List<String> options, NexmarkSettings stream) {
        return installation
                .command("standalone-job.sh", "start-foreground")
                .args("--job-classname", MAIN_CLASS)
                .args(options.toArray(String[]::new))
                .args("-Dparallelism.default=2")
                .args(stream.toArguments().toArray(String[]::new))
                .args("--output", output.toString())
                .start("standalone-job-" + ++processes);
    }

    private LaunchedProcess startTaskManager(Installation installation) {
        return installation
                .command("taskmanager.sh", "start-foreground")
                .start("taskmanager-" + ++processes);
    }

    private void requireExact(NexmarkSettings stream) throws Exception {
        HighestBids.Comparison result = HighestBids.of(stream).compareWith(output);
        assertThat(result.exact()).as(result.toString()).isTrue();
    }

    private void runToItsEnd(Distribution distribution, List<String> options) throws Exception {
        NexmarkSettings stream = NexmarkSettings.defaults().withEvents(EVENTS);
        Installation installation =
                installation(distribution, Map.of("sluice.checkpointing.profile", "hdfs"));
        try (LaunchedProcess jobManager = startJobManager(installation, options, stream);
                LaunchedProcess taskManager = startTaskManager(installation)) {
            jobManager.awaitOutput(
                    Pattern.compile(
                            "Highest bid per auction .*switched from state CREATED to RUNNING"),
                    DEADLINE);
            List<String> commandLine = new LinuxProcess(jobManager.pid()).commandLine();

            assertThat(jobManager.awaitExit(DEADLINE)).isZero();

            assertThat(taskManager.isAlive()).isTrue();
            assertThat(taskManager.output()).contains("Registered new file merging snapshot");
            assertThat(jobManager.output())
                    .contains("switched from state RUNNING to FINISHED")
                    .contains("Application completed SUCCESSFULLY");
            // Flink takes all that follows an argument it does not know for the application's.
            assertThat(commandLine.indexOf("jobmanager.memory.jvm-metaspace.size=268435456b"))
                    .isBetween(0, commandLine.indexOf("--events"));
        }
        requireExact(stream);
    }
}
