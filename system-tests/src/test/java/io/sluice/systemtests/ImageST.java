package io.sluice.systemtests;

import io.sluice.examples.wordcount.WordCounts;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.cluster.TaskManagerInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The container image, with podman; only in the profile {@code image}, which builds it before. */
class ImageST {

    private static final String IMAGE = System.getProperty("sluice.image", "");
    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));
    private static final String HOME = "/opt/flink";
    private static final String ARCHIVE_OPTION = "-XX:SharedArchiveFile=";
    private static final int FLINK_USER = 9999;

    private final Sandbox sandbox = Sandbox.create();

    @BeforeEach
    void requireImage() throws Exception {
        PodmanContainer.requireImage(sandbox, IMAGE);
    }

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void jobRunsOnANativeKubernetesAndAStandaloneTaskManager() throws Exception {
        int blobPort = FreePorts.pick(1).get(0);
        Installation installation =
                new Installation(Distribution.fromSystemProperty(), sandbox, Map.of());
        FlinkRest rest = installation.rest();
        Path conf = configMapOf(installation);
        Path output = worldWritable("counts");
        TaskManagerPod pod =
                TaskManagerPod.of(
                        "sluice-taskmanager-1-1",
                        conf,
                        Map.of("taskmanager.memory.process.size", "1200m"));

        try (PodmanContainer jobManager =
                        PodmanContainer.of(sandbox, IMAGE)
                                .readOnly(conf, HOME + "/conf")
                                .env("JOB_MANAGER_RPC_ADDRESS", "localhost")
                                .env("FLINK_PROPERTIES", "blob.server.port: " + blobPort)
                                .start("jobmanager", List.of("jobmanager"));
                PodmanContainer nativeTaskManager =
                        PodmanContainer.of(sandbox, IMAGE)
                                .readOnly(conf, HOME + "/conf")
                                .writable(output, "/counts")
                                .env(pod.environment())
                                .entryPoint(String.join(" ", pod.command()))
                                .start("native-taskmanager", pod.arguments());
                PodmanContainer standaloneTaskManager =
                        PodmanContainer.of(sandbox, IMAGE)
                                .writable(output, "/counts")
                                .env("JOB_MANAGER_RPC_ADDRESS", "localhost")
                                .env("TASK_MANAGER_NUMBER_OF_TASK_SLOTS", "2")
                                .env("ENABLE_BUILT_IN_PLUGINS", s3PluginOf(installation))
                                .env(
                                        "FLINK_PROPERTIES",
                                        """
                                        # Comments and blank lines are allowed.

                                        jobmanager.rpc.port: %s
                                        taskmanager.resource-id : standalone
                                        """
                                                .formatted(
                                                        installation
                                                                .config()
                                                                .get("jobmanager.rpc.port")))
                                .start("standalone-taskmanager", List.of("taskmanager"))) {
            POLLING.until(
                    "both TaskManagers at " + rest.base(),
                    DEADLINE,
                    () -> {
                        jobManager.process().requireAlive();
                        nativeTaskManager.process().requireAlive();
                        standaloneTaskManager.process().requireAlive();
                        return slotsById(rest);
                    },
                    Map.of(pod.name(), 1, "standalone", 2)::equals);

            jobManager
                    .exec("flink", "run", "--parallelism", "3", HOME + "/examples/word-count.jar")
                    .args("--bounded", "--output", "/counts")
                    .run(DEADLINE)
                    .requireSuccess();

            SortedMap<String, Long> expected =
                    WordCounts.count(
                            filesIn(installation.distribution().home().resolve("licenses")));
            assertThat(expected).containsKeys("license", "copyright");
            assertThat(WordCounts.read(output)).isEqualTo(expected);
            assertRunsAsDesigned(jobManager);
            assertRunsAsDesigned(nativeTaskManager);
            assertRunsAsDesigned(standaloneTaskManager);
            assertThat(nativeTaskManager.firstProcess().commandLine())
                    .contains(
                            "org.apache.flink.kubernetes.taskmanager.KubernetesTaskExecutorRunner")
                    .contains("taskmanager.memory.process.size=1200m");
            standaloneTaskManager
                    .process()
                    .awaitOutput(
                            Pattern.compile("Plugin loader with ID .*: flink-s3-fs-native"),
                            DEADLINE);
        }
    }

    @Test
    void containerWithoutConfigurationEndsWithOneLine() throws Exception {
        Path empty = sandbox.directory("empty");

        Command.Result result =
                PodmanContainer.of(sandbox, IMAGE)
                        .readOnly(empty, HOME + "/conf")
                        .run("unconfigured", List.of("taskmanager"));

        assertThat(result.stderr())
                .isEqualTo(
                        "Cannot read the configuration: /opt/flink/conf/config.yaml does not exist. Set FLINK_CONF_DIR to the directory that holds it.\n");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    /** The files that Flink's Kubernetes client puts into the config map, and no others. */
    private Path configMapOf(Installation installation) throws IOException {
        Path configMap = sandbox.directory("config-map");
        for (String file : List.of("config.yaml", "log4j-console.properties")) {
            Files.copy(installation.conf().resolve(file), configMap.resolve(file));
        }
        return configMap;
    }

    /** The user inside the container is another one than that of this test. */
    private Path worldWritable(String name) throws IOException {
        return Files.setPosixFilePermissions(
                sandbox.directory(name), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static String s3PluginOf(Installation installation) throws IOException {
        try (Stream<Path> jars = Files.list(installation.distribution().opt())) {
            return jars.map(jar -> String.valueOf(jar.getFileName()))
                    .filter(jar -> jar.startsWith("flink-s3-fs-native-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Map<String, Integer> slotsById(FlinkRest rest) throws InterruptedException {
        return rest.taskManagers().stream()
                .collect(
                        Collectors.toMap(
                                TaskManagerInfo::id, TaskManagerInfo::slots));
    }

    /** The JVM is the container's first process, as user flink, with its archive and jemalloc. */
    private static void assertRunsAsDesigned(PodmanContainer container) throws Exception {
        LinuxProcess process = container.firstProcess();
        String archive =
                process.commandLine().stream()
                        .filter(argument -> argument.startsWith(ARCHIVE_OPTION))
                        .findFirst()
                        .orElseThrow()
                        .substring(ARCHIVE_OPTION.length());

        assertThat(archive).startsWith(HOME + "/cds/processes-");
        assertThat(process.maps(Path.of(archive))).as("%s is mapped", archive).isTrue();
        assertThat(process.environment().get("LD_PRELOAD")).endsWith("/libjemalloc.so.2");
        assertThat(process.maps(Path.of(process.environment().getOrDefault("LD_PRELOAD", ""))))
                .as("jemalloc is mapped")
                .isTrue();
        assertThat(Files.getAttribute(Path.of("/proc", Long.toString(process.pid())), "unix:uid"))
                .isEqualTo(FLINK_USER);
    }
}
