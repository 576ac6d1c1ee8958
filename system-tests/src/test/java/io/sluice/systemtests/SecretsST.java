package io.sluice.systemtests;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.JobSummary;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.S3Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static io.sluice.systemtests.BindingsCluster.DEADLINE;
import static org.assertj.core.api.Assertions.assertThat;

/** A secret is planted in each place where one may stand; then all is read that users may see. */
@BesideOthers
class SecretsST {

    /** In each secret, and nowhere else. */
    private static final String SECRET = "PLANTED";

    private final Sandbox sandbox = Sandbox.create();
    private final Bindings bindings = new Bindings(sandbox);
    private final Distribution distribution = Distribution.fromSystemProperty();
    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable process : started) {
            process.close();
        }
        sandbox.close();
    }

    @Test
    void noSecretIsShownThoughJobsUseThemAndFailWithWrongOnes() throws Exception {
        S3Server server = S3Server.start(sandbox, "PLANTEDACCESS", "PLANTEDSECRET");
        started.add(server);
        server.createBucket(Bindings.BUCKET);
        bindings.s3("right", server, "PLANTEDACCESS", "PLANTEDSECRET")
                .s3("wrongsecret", server, "PLANTEDACCESS", "PLANTEDOTHERSECRET")
                .s3("wrongkey", server, "PLANTEDOTHERACCESS", "PLANTEDOTHERSECRET")
                .set("gone", "scheme", "hdfs")
                .set("gone", "hadoop-conf-dir", unreachableWithSecrets().toString())
                .set("gone", "conf.ipc.client.connect.max.retries", "0");
        Path plugins = S3Plugins.link(distribution, sandbox.root().resolve("plugins"));
        Path texts = sandbox.directory("in");
        Files.writeString(texts.resolve("text"), "some words");
        BindingsCluster cluster =
                BindingsCluster.start(
                        BindingsCluster.builder()
                                .config(bindings.options())
                                .config("restart-strategy.type", "none")
                                .config("parallelism.default", "1")
                                .config("execution.checkpointing.dir", "right://same/checkpoints")
                                .env(S3Plugins.VARIABLE, plugins.toString()));
        started.add(0, cluster);

        String good = submit(cluster, texts, "right://same/counts");
        cluster.awaitCheckpoint(good);
        for (String output :
                List.of("wrongsecret://same/counts", "wrongkey://same/counts", "gone:///counts")) {
            cluster.awaitStatus(submit(cluster, texts, output), "FAILED");
        }
        Map<String, String> shown = new TreeMap<>(answers(cluster.rest()));
        cluster.processes().stop();
        shown.putAll(filesIn(cluster.processes().installation().sandbox().log()));

        // What is no secret is found where a secret could be.
        assertThat(placesOf(server.endpoint().toString(), shown))
                .contains("/jobmanager/config")
                .anyMatch(place -> place.startsWith("/jobmanager/logs/"))
                .anyMatch(place -> place.startsWith("/taskmanagers/tm-1/logs/"))
                .anyMatch(place -> place.startsWith("file "));
        for (String failure :
                List.of("SignatureDoesNotMatch", "InvalidAccessKeyId", "ConnectException")) {
            assertThat(placesOf(failure, shown))
                    .anyMatch(place -> place.endsWith("/exceptions"))
                    .anyMatch(place -> place.startsWith("file "));
        }
        assertThat(placesOf(SECRET, shown)).isEmpty();
    }

    @Test
    void secretInTheConfigurationIsRefusedAndNotShown() throws Exception {
        bindings.set("data", "scheme", "s3").set("data", "conf.s3.secret-key", "PLANTEDINLINE");
        Installation installation = new Installation(distribution, sandbox, bindings.options());

        Command.Result refused =
                installation.command("jobmanager.sh", "start-foreground").run(DEADLINE);

        Map<String, String> shown = new TreeMap<>(filesIn(sandbox.log()));
        assertThat(refused.exitCode()).isNotZero();
        assertThat(placesOf("'fs.multiconf.data.conf.s3.secret-key' looks like a secret", shown))
                .isNotEmpty();
        assertThat(placesOf(SECRET, shown)).isEmpty();
    }

    private static String submit(BindingsCluster cluster, Path input, String output)
            throws InterruptedException {
        return BoundWordCount.submit(cluster.processes(), null, input.toUri().toString(), output);
    }

    /** Nobody listens at port 1. */
    private Path unreachableWithSecrets() throws IOException {
        Path directory = sandbox.directory("hadoop-gone");
        Files.writeString(
                directory.resolve("core-site.xml"),
                """
                <configuration>
                  <property><name>fs.defaultFS</name><value>hdfs://127.0.0.1:1</value></property>
                  <property>
                    <name>hadoop.security.group.mapping.ldap.bind.password</name>
                    <value>PLANTEDPASSWORD</value>
                  </property>
                  <property><name>fs.s3a.access.key</name><value>PLANTEDINXML</value></property>
                </configuration>
                """);
        return directory;
    }

    private static List<String> placesOf(String text, Map<String, String> shown) {
        return shown.entrySet().stream()
                .filter(place -> place.getValue().contains(text))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns all that the REST API tells of the cluster and its jobs, by paths. */
    private static Map<String, String> answers(FlinkRest rest) throws InterruptedException {
        List<String> paths = new ArrayList<>();
        paths.addAll(List.of("/config", "/overview", "/jobs/overview", "/jars", "/taskmanagers"));
        addProcess(rest, "/jobmanager", paths);
        for (String more : List.of("/config", "/environment", "/metrics")) {
            paths.add("/jobmanager" + more);
        }
        addProcess(rest, "/taskmanagers/tm-1", paths);
        paths.add("/taskmanagers/tm-1");
        paths.add("/taskmanagers/tm-1/metrics");
        for (JobSummary job : rest.jobs()) {
            for (String part :
                    List.of(
                            "",
                            "/config",
                            "/plan",
                            "/exceptions",
                            "/accumulators",
                            "/checkpoints",
                            "/checkpoints/config",
                            "/jobmanager/config",
                            "/jobmanager/environment",
                            "/metrics")) {
                paths.add("/jobs/" + job.id() + part);
            }
        }
        Map<String, String> answers = new TreeMap<>();
        for (String path : paths) {
            answers.put(path, rest.text(path));
        }
        return answers;
    }

    private static void addProcess(FlinkRest rest, String process, List<String> paths)
            throws InterruptedException {
        paths.addAll(List.of(process + "/log", process + "/stdout", process + "/thread-dump"));
        paths.add(process + "/logs");
        rest.get(process + "/logs")
                .required("logs")
                .forEach(log -> paths.add(process + "/logs/" + log.required("name").asText()));
    }

    private static Map<String, String> filesIn(Path directory) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (var all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.put(
                        "file " + directory.relativize(file),
                        Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
