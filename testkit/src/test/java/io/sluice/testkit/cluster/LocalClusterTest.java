package io.sluice.testkit.cluster;

import org.apache.flink.configuration.GlobalConfiguration;

import io.sluice.testkit.cluster.Await.AwaitTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Processes are shell scripts, and the REST API of their JobManager is a fake. */
class LocalClusterTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir Path home;

    private TestingDistribution distribution;
    private TestingRestServer server;

    @BeforeEach
    void startServer() throws Exception {
        distribution = new TestingDistribution(home);
        server = new TestingRestServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void closeLeavesNoProcessAndNoFile() throws Exception {
        LocalCluster cluster = builder().taskManagers(2).start();
        List<ProcessHandle> processes =
                List.of(
                        cluster.jobManager().handle(),
                        cluster.taskManager("tm-1").handle(),
                        cluster.taskManager("tm-2").handle());
        assertThat(processes).allMatch(ProcessHandle::isAlive);

        cluster.close();
        cluster.close();

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(cluster.installation().sandbox().root()).doesNotExist();
    }

    @Test
    void taskManagersGetTheirNamesAsResourceIds() throws Exception {
        try (LocalCluster cluster = builder().taskManagers(1).start()) {
            LaunchedProcess added = cluster.startTaskManager();

            added.awaitOutput(
                    Pattern.compile(
                            "^taskmanager start-foreground -Dtaskmanager.resource-id=tm-2$",
                            Pattern.MULTILINE),
                    DEADLINE);
            assertThat(cluster.taskManagers()).containsExactly("tm-1", "tm-2");
        }
    }

    @Test
    void readyOnceTheSlotsAreRegistered() throws Exception {
        try (LocalCluster cluster = builder().start()) {
            server.answer("GET /overview", 200, overview(1, 1));
            assertThatThrownBy(() -> cluster.awaitReady(2, Duration.ZERO))
                    .isInstanceOf(AwaitTimeoutException.class)
                    .hasMessageMatching(
                            "Waited .* s for 2 registered slots at http://localhost:%d, in vain\\. Last value: ClusterOverview\\[taskManagers=1, slotsTotal=1, .*"
                                    .formatted(server.port()));

            server.answer("GET /overview", 200, overview(2, 2));
            cluster.awaitReady(2, DEADLINE);
        }
    }

    @Test
    void processThatEndsBeforeReadyFailsAtOnceWithItsOutput() throws Exception {
        distribution.script("taskmanager.sh", "echo no memory; exit 2");
        server.answer("GET /overview", 200, overview(0, 0));

        try (LocalCluster cluster = builder().start()) {
            assertThatThrownBy(() -> cluster.awaitReady(1, DEADLINE))
                    .isInstanceOf(GiveUpException.class)
                    .hasMessage(
                            "tm-1 (pid %d) ended with exit code 2. Last lines of its output:\nno memory"
                                    .formatted(cluster.taskManager("tm-1").pid()));
        }
    }

    @Test
    void killedTaskManagerIsGoneAndItsNameIsNotUsedAgain() throws Exception {
        server.answer("GET /overview", 200, overview(1, 1));
        try (LocalCluster cluster = builder().start()) {
            ProcessHandle killed = cluster.taskManager("tm-1").handle();

            cluster.killTaskManager("tm-1");

            assertThat(killed.isAlive()).isFalse();
            assertThat(cluster.taskManagers()).isEmpty();
            cluster.awaitReady(1, DEADLINE);
            assertThat(cluster.startTaskManager().name()).isEqualTo("tm-2");
            assertThatThrownBy(() -> cluster.killTaskManager("tm-1"))
                    .hasMessage("There is no process 'tm-1'. Running: [jobmanager, tm-2].");
        }
    }

    @Test
    void jobManagerCanBeStartedAgainOnceItIsKilled() throws Exception {
        try (LocalCluster cluster = builder().taskManagers(0).start()) {
            assertThatThrownBy(cluster::startJobManager).hasMessageEndingWith(" runs already.");

            cluster.killJobManager();
            LaunchedProcess again = cluster.startJobManager();

            assertThat(again.outputFile().getFileName()).hasToString("jobmanager-2.out");
            assertThat(again.isAlive()).isTrue();
        }
    }

    @Test
    void submitReturnsTheIdOfTheJob() throws Exception {
        distribution.script(
                "flink",
                "echo \"submitted: $*\" >&2; echo Job has been submitted with JobID 0123456789abcdef0123456789abcdef");

        try (LocalCluster cluster = builder().taskManagers(0).start()) {
            assertThat(cluster.submit(Path.of("a.jar"), "--events", "7"))
                    .isEqualTo("0123456789abcdef0123456789abcdef");

            Path stderr = cluster.installation().sandbox().log().resolve("flink.stderr");
            assertThat(stderr).hasContent("submitted: run --detached a.jar --events 7");
        }
    }

    @Test
    void submitWithoutAJobIdShowsWhatTheClientSaid() throws Exception {
        distribution.script("flink", "echo nothing to do");

        try (LocalCluster cluster = builder().taskManagers(0).start()) {
            assertThatThrownBy(() -> cluster.submit(Path.of("a.jar")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "'%s/bin/flink run --detached a.jar' printed no job id, but: nothing to do\n"
                                    .formatted(home));
        }
    }

    @Test
    void everythingIsInsideTheSandbox() throws Exception {
        distribution.script("flink", "env");

        try (LocalCluster cluster = builder().env("SLUICE_CDS", "off").start()) {
            Path root = cluster.installation().sandbox().root();
            Map<String, String> config =
                    GlobalConfiguration.loadConfiguration(cluster.installation().conf().toString())
                            .toMap();
            List<String> environment =
                    cluster.command("flink").run(DEADLINE).stdout().lines().toList();

            assertThat(config)
                    .containsEntry(
                            "execution.checkpointing.dir", "file://" + root + "/checkpoints/")
                    .containsEntry("rest.port", Integer.toString(server.port()))
                    .containsEntry("rest.bind-address", "localhost")
                    .containsEntry("parallelism.default", "1");
            assertThat(environment)
                    .contains(
                            "FLINK_CONF_DIR=" + root.resolve("conf"),
                            "FLINK_LOG_DIR=" + root.resolve("log"),
                            "FLINK_PID_DIR=" + root.resolve("pid"),
                            "SLUICE_CDS=off");
        }
    }

    @Test
    void failedStartLeavesNothing() throws Exception {
        Files.delete(home.resolve("bin/taskmanager.sh"));
        try (Sandbox sandbox = Sandbox.create()) {
            assertThatThrownBy(() -> builder().sandbox(sandbox).start())
                    .hasMessage("%s has no script 'bin/taskmanager.sh'.".formatted(home));

            assertThat(sandbox.root()).exists();
            assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    static String overview(int taskManagers, int slots) {
        return """
               {"taskmanagers":%d,"slots-total":%d,"slots-available":%d,"jobs-running":0,
                "jobs-finished":0,"jobs-cancelled":0,"jobs-failed":0,"flink-version":"x"}
               """
                .formatted(taskManagers, slots, slots);
    }

    private LocalCluster.Builder builder() {
        return LocalCluster.of(distribution.distribution())
                .config("rest.port", Integer.toString(server.port()));
    }
}
