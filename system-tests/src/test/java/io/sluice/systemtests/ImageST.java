package io.sluice.systemtests;

import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.DeploymentOptionsInternal;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.kubernetes.configuration.KubernetesConfigOptions;
import org.apache.flink.kubernetes.configuration.KubernetesDeploymentTarget;
import org.apache.flink.kubernetes.utils.Constants;

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
    private static final Duration DEADLINE = Duration.ofMinutes(2);
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
        Installation installation =
                new Installation(Distribution.fromSystemProperty(), sandbox, Map.of());
        FlinkRest rest = installation.rest();
        List<Integer> ports = FreePorts.pick(2);
        KubernetesPod jobManagerPod =
                KubernetesPod.ofJobManager(
                        clientConfiguration(installation, ports.get(0), ports.get(1)));
        Path conf = configMapOf(jobManagerPod);
        Configuration changes = new Configuration();
        changes.set(JobManagerOptions.ADDRESS, "localhost");
        changes.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, MemorySize.ofMebiBytes(1200));
        KubernetesPod pod =
                KubernetesPod.ofTaskManager(
                        "native",
                        jobManagerPod,
                        GlobalConfiguration.loadConfiguration(conf.toString()),
                        changes);
        Path output = worldWritable("counts");

        try (PodmanContainer jobManager =
                        PodmanContainer.of(sandbox, IMAGE)
                                .readOnly(conf, HOME + "/conf")
                                .env("JOB_MANAGER_RPC_ADDRESS", "localhost")
                                .env("FLINK_PROPERTIES", "blob.server.port: " + ports.get(1))
                                .start("jobmanager", List.of("jobmanager"));
                PodmanContainer nativeTaskManager =
                        PodmanContainer.of(sandbox, IMAGE)
                                .readOnly(conf, HOME + "/conf")
                                .writable(output, "/counts")
                                .env(pod.environment())
                                .entryPoint(pod.command().get(0))
                                .start("native", pod.command().subList(1, pod.command().size()));
                PodmanContainer standaloneTaskManager =
                        PodmanContainer.of(sandbox, IMAGE)
                                .writable(output, "/counts")
                                .env("JOB_MANAGER_RPC_ADDRESS", "localhost")
                                .env("TASK_MANAGER_NUMBER_OF_TASK_SLOTS", "2")
                                .env("ENABLE_BUILT_IN_PLUGINS", s3PluginOf(installation))
                                .env("FLINK_PROPERTIES", standaloneProperties(installation))
                                .start("standalone", List.of("taskmanager"))) {
            POLLING.until(
                    "both TaskManagers at " + rest.base(),
                    DEADLINE,
                    () -> {
                        jobManager.process().requireAlive();
                        nativeTaskManager.process().requireAlive();
                        standaloneTaskManager.process().requireAlive();
                        return slotsById(rest);
                    },
                    Map.of("native", 1, "standalone", 2)::equals);

            jobManager
                    .exec("flink", "run", "--target", "remote", "--parallelism", "3")
                    .args(HOME + "/examples/word-count.jar", "--bounded", "--output", "/counts")
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
                    .contains("io.sluice.runtime.entrypoint.KubernetesTaskManager")
                    .contains("-Dtaskmanager.memory.process.size=1200 mb")
                    .contains(memoryOptionsOf(pod));
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

    private static Configuration clientConfiguration(
            Installation installation, int taskManagerPort, int blobPort) {
        Configuration client =
                GlobalConfiguration.loadConfiguration(installation.conf().toString());
        client.set(DeploymentOptionsInternal.CONF_DIR, installation.conf().toString());
        client.set(DeploymentOptions.TARGET, KubernetesDeploymentTarget.SESSION.getName());
        client.set(KubernetesConfigOptions.CLUSTER_ID, "sluice");
        client.set(TaskManagerOptions.RPC_PORT, Integer.toString(taskManagerPort));
        client.set(BlobServerOptions.PORT, Integer.toString(blobPort));
        return client;
    }

    private Path configMapOf(KubernetesPod pod) throws IOException {
        Path configMap = sandbox.directory("config-map");
        for (Map.Entry<String, String> file : pod.configuration().entrySet()) {
            Files.writeString(configMap.resolve(file.getKey()), file.getValue());
        }
        return configMap;
    }

    private static String[] memoryOptionsOf(KubernetesPod pod) {
        return pod.environment().getOrDefault(Constants.ENV_TM_JVM_MEM_OPTS, "").split(" ", -1);
    }

    private static String standaloneProperties(Installation installation) {
        return """
        # Comments and empty lines are allowed.

        jobmanager.rpc.port: %s
        taskmanager.resource-id : standalone
        """
                .formatted(installation.config().get("jobmanager.rpc.port"));
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
                .collect(Collectors.toMap(TaskManagerInfo::id, TaskManagerInfo::slots));
    }

    /** The JVM is the container's first process, as user flink, with its archive and jemalloc. */
    private static void assertRunsAsDesigned(PodmanContainer container) throws Exception {
        LinuxProcess process = container.firstProcess();
        List<String> archives =
                process.commandLine().stream()
                        .filter(argument -> argument.startsWith(ARCHIVE_OPTION))
                        .map(argument -> argument.substring(ARCHIVE_OPTION.length()))
                        .toList();

        assertThat(archives)
                .singleElement()
                .asString()
                .startsWith(HOME + "/cds/processes-")
                .satisfies(archive -> assertThat(process.maps(Path.of(archive))).isTrue());
        assertThat(process.environment().get("LD_PRELOAD")).endsWith("/libjemalloc.so.2");
        assertThat(process.maps(Path.of(process.environment().getOrDefault("LD_PRELOAD", ""))))
                .as("jemalloc is mapped")
                .isTrue();
        assertThat(Files.getAttribute(Path.of("/proc", Long.toString(process.pid())), "unix:uid"))
                .isEqualTo(FLINK_USER);
    }
}
