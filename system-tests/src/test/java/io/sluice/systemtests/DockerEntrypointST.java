package io.sluice.systemtests;

import io.sluice.examples.nexmark.HighestBids;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.ClusterOverview;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code docker-entrypoint.sh}: the commands and variables of the image. */
class DockerEntrypointST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));

    private final Sandbox sandbox = Sandbox.create();
    private final Container container = Container.create(sandbox, "container-1");
    private final List<Integer> ports = FreePorts.pick(2);
    private final FlinkRest rest = new FlinkRest(URI.create("http://localhost:" + ports.get(1)));

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void jobManagerAndTaskManagerFormACluster() throws Exception {
        Command jobManager =
                service(container, "jobmanager")
                        .env("ENABLE_BUILT_IN_PLUGINS", s3Plugin().getFileName().toString());
        Command taskManager =
                service(Container.create(sandbox, "container-2"), "taskmanager")
                        .env("TASK_MANAGER_NUMBER_OF_TASK_SLOTS", "3");

        try (LaunchedProcess first = jobManager.start("jobmanager");
                LaunchedProcess second = taskManager.start("taskmanager")) {
            ClusterOverview overview =
                    POLLING.until(
                            "the slots of the TaskManager",
                            DEADLINE,
                            () -> {
                                first.requireAlive();
                                second.requireAlive();
                                return rest.overview();
                            },
                            cluster -> cluster.slotsTotal() > 0);

            assertThat(overview.slotsTotal()).isEqualTo(3);
            assertThat(jobManagerConfig())
                    .containsEntry("jobmanager.rpc.address", "localhost")
                    .containsEntry("pipeline.name", "with: a colon");
            String plugin = s3Plugin().getFileName().toString().replace(".jar", "");
            assertThat(first.output())
                    .contains("Plugin loader with ID not found, creating it: " + plugin);
            assertThat(container.home().plugins().resolve(plugin)).isDirectory();
        }
    }

    @Test
    void standaloneJobRunsTheApplicationToItsEnd() throws Exception {
        Path output = sandbox.directory("output");
        Command application =
                service(
                        container,
                        "standalone-job",
                        "--jars",
                        AuctionTable.jar(container.home()).toString(),
                        "--job-classname",
                        "io.sluice.examples.nexmark.HighestBidJob",
                        "--events",
                        "5000",
                        "--output",
                        output.toString());
        Command taskManager = service(Container.create(sandbox, "container-2"), "taskmanager");

        try (LaunchedProcess first = application.start("standalone-job");
                LaunchedProcess second = taskManager.start("taskmanager")) {
            int exitCode = first.awaitExit(DEADLINE);

            assertThat(exitCode).as(first.output()).isZero();
        }

        HighestBids expected = HighestBids.of(NexmarkSettings.defaults().withEvents(5_000));
        assertThat(expected.compareWith(output)).matches(HighestBids.Comparison::exact);
    }

    @Test
    void propertiesAreAddedToTheConfiguration() throws Exception {
        historyServerStarts(historyServer());

        assertThat(container.config()).content().contains("historyserver");
        assertThat(container.config()).content().contains(ports.get(1).toString());
    }

    @Test
    void readOnlyConfigurationStaysAsItIs() throws Exception {
        String before = Files.readString(container.config());
        container.protectConfiguration();

        historyServerStarts(historyServer());

        assertThat(container.config()).hasContent(before);
    }

    @Test
    void mountedConfigurationKeepsItsAddresses() throws Exception {
        Files.writeString(
                container.config(),
                """
                jobmanager.rpc.address: jobmanager.example
                blob.server.port: 7124
                taskmanager.memory.process.size: 1g
                taskmanager.host: localhost
                """);
        container.protectConfiguration();

        try (LaunchedProcess process = container.entrypoint("taskmanager").start("taskmanager")) {
            process.awaitOutput(
                    Pattern.compile(
                            "Loading configuration property: jobmanager.rpc.address, jobmanager.example"),
                    DEADLINE);

            assertThat(process.output()).doesNotContain("blob.server.port, 6124");
        }
    }

    @Test
    void pluginsAreEnabledForAnyCommand() throws Exception {
        String jar = s3Plugin().getFileName().toString();

        container
                .entrypoint("true")
                .env("ENABLE_BUILT_IN_PLUGINS", jar)
                .run(DEADLINE)
                .requireSuccess();

        assertThat(container.home().plugins().resolve(jar.replace(".jar", "")).resolve(jar))
                .exists();
    }

    @Test
    void propertyWithoutAColonIsNamed() throws Exception {
        Command.Result result =
                container
                        .entrypoint("jobmanager")
                        .env("FLINK_PROPERTIES", "rest.port: 1\nparallelism.default=2")
                        .run(DEADLINE);

        assertThat(result.stderr())
                .isEqualTo(
                        "FLINK_PROPERTIES has a line without a colon: 'parallelism.default=2'. Write 'key: value'.\n");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void unknownPluginIsNamedWithThoseThatExist() throws Exception {
        Command.Result result =
                container
                        .entrypoint("taskmanager")
                        .env("ENABLE_BUILT_IN_PLUGINS", "flink-s3-fs-presto-2.3.0.jar")
                        .run(DEADLINE);

        assertThat(result.stderr())
                .isEqualTo(
                        "ENABLE_BUILT_IN_PLUGINS names flink-s3-fs-presto-2.3.0.jar, but %s holds %s. Name one of these.\n"
                                .formatted(container.home().opt(), String.join(" ", optJars())));
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void missingConfigurationIsNamed() throws Exception {
        Files.delete(container.config());

        Command.Result result = container.entrypoint("jobmanager").run(DEADLINE);

        assertThat(result.stderr())
                .isEqualTo(
                        "Cannot read the configuration: %s does not exist. Set FLINK_CONF_DIR to the directory that holds it.\n"
                                .formatted(container.config()));
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void helpListsTheCommands() throws Exception {
        String usage =
                "Usage: docker-entrypoint.sh jobmanager|taskmanager|standalone-job|history-server|sql-gateway|help|COMMAND [ARGUMENT ...]\n";

        assertThat(container.entrypoint("help").run(DEADLINE).requireSuccess().stdout())
                .isEqualTo(usage);
        assertThat(container.entrypoint().run(DEADLINE).requireSuccess().stdout()).isEqualTo(usage);
    }

    @Test
    void anyOtherCommandRunsWithTheScriptsOnItsPath() throws Exception {
        Command.Result result =
                container
                        .entrypoint("bash", "-c", "command -v kubernetes-jobmanager.sh; exit 7")
                        .run(DEADLINE);

        assertThat(result.stdout())
                .isEqualTo(container.home().script("kubernetes-jobmanager.sh") + "\n");
        assertThat(result.exitCode()).isEqualTo(7);
    }

    private Command service(Container in, String... arguments) {
        return in.entrypoint(arguments)
                .env("JOB_MANAGER_RPC_ADDRESS", "localhost")
                .env(
                        "FLINK_PROPERTIES",
                        """
                        # A comment, an empty line, and values with spaces and colons.

                        jobmanager.rpc.port: %d
                          rest.port:   %d
                        blob.server.port: 0
                        pipeline.name: with: a colon
                        """
                                .formatted(ports.get(0), ports.get(1)));
    }

    private Command historyServer() {
        return container
                .entrypoint("history-server")
                .env(
                        "FLINK_PROPERTIES",
                        """
                        historyserver.archive.fs.dir: %s
                        historyserver.web.tmpdir: %s
                        historyserver.web.address: localhost
                        historyserver.web.port: %d
                        """
                                .formatted(
                                        sandbox.directory("archive").toUri(),
                                        sandbox.directory("history"),
                                        ports.get(1)));
    }

    private void historyServerStarts(Command command) throws InterruptedException {
        try (LaunchedProcess process = command.start("history-server")) {
            POLLING.until(
                    "the history server",
                    DEADLINE,
                    () -> {
                        process.requireAlive();
                        return rest.get("/config");
                    },
                    config -> config.path("features").path("web-history").asBoolean());
        }
    }

    private Map<String, String> jobManagerConfig() throws InterruptedException {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        rest.get("/jobmanager/config")
                .forEach(
                        entry ->
                                entries.add(
                                        Map.entry(
                                                entry.path("key").asText(),
                                                entry.path("value").asText())));
        return entries.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Path s3Plugin() throws IOException {
        Pattern name = Pattern.compile("flink-s3-fs-native-.*\\.jar");
        try (Stream<Path> jars = Files.list(container.home().opt())) {
            return jars.filter(jar -> name.matcher(jar.getFileName().toString()).matches())
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<String> optJars() throws IOException {
        try (Stream<Path> jars = Files.list(container.home().opt())) {
            return jars.map(jar -> jar.getFileName().toString()).sorted().toList();
        }
    }
}
