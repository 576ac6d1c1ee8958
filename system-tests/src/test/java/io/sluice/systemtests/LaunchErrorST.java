package io.sluice.systemtests;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A start that cannot succeed says so in one line, and leaves nothing behind. */
class LaunchErrorST {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Sandbox sandbox = Sandbox.create();
    private final Installation installation =
            new Installation(Distribution.fromSystemProperty(), sandbox, Map.of());

    @AfterEach
    void clean() throws Exception {
        sandbox.killProcesses();
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "start-foreground", "stop"})
    void olderJdkIsRefusedByItsReleaseFile(String action) throws Exception {
        Path jdk = jdk("exit 9");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.20\"\n");

        assertRefused(
                installation.command("taskmanager.sh", action).env("JAVA_HOME", jdk.toString()),
                "Sluice needs Java 17 or newer, but %s/bin/java is version 11.0.20. Set JAVA_HOME or 'env.java.home' to a newer JDK."
                        .formatted(jdk));
    }

    @Test
    void olderJdkWithoutReleaseFileIsRefused() throws Exception {
        Path jdk = jdk("echo 'openjdk version \"1.8.0_402\"' >&2; echo 'OpenJDK Runtime' >&2");

        assertRefused(
                installation.command("jobmanager.sh", "start").env("JAVA_HOME", jdk.toString()),
                "Sluice needs Java 17 or newer, but %s/bin/java is version 1.8.0_402. Set JAVA_HOME or 'env.java.home' to a newer JDK."
                        .formatted(jdk));
    }

    @Test
    void programThatIsNoJavaIsRefused() throws Exception {
        Path jdk = jdk("echo hello");

        assertRefused(
                installation.command("jobmanager.sh", "start").env("JAVA_HOME", jdk.toString()),
                "Sluice needs Java 17 or newer, but %s/bin/java is version unknown. Set JAVA_HOME or 'env.java.home' to a newer JDK."
                        .formatted(jdk));
    }

    @Test
    void javaHomeWithoutJavaIsRefused() throws Exception {
        Path empty = sandbox.directory("empty");

        assertRefused(
                installation.command("jobmanager.sh", "start").env("JAVA_HOME", empty.toString()),
                "Sluice found no Java: JAVA_HOME is '%s' and there is no 'java' in '%s/bin'. Set JAVA_HOME to a JDK 17."
                        .formatted(empty, empty));
    }

    @Test
    void missingSqlJarsAreRefused() throws Exception {
        Path empty = sandbox.directory("empty");

        assertRefused(
                installation
                        .command("sql-gateway.sh", "start")
                        .env("FLINK_OPT_DIR", empty.toString()),
                "%s/flink-sql-client-*.jar does not exist. Set FLINK_OPT_DIR, or unpack the distribution anew."
                        .formatted(empty));
    }

    @Test
    void emptyLibDirectoryIsRefused() throws Exception {
        Path empty = sandbox.directory("empty");

        assertRefused(
                installation
                        .command("jobmanager.sh", "start")
                        .env("FLINK_LIB_DIR", empty.toString()),
                "%s holds no jars. Unpack the distribution anew.".formatted(empty));
    }

    @Test
    void otherLinesThanThePlanAreNotEvaluated() throws Exception {
        Command.Result result =
                installation
                        .command("flink", "--version")
                        .env("JAVA_TOOL_OPTIONS", "-Xlog:gc*=info:stdout")
                        .run(Duration.ofMinutes(1));

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.stdout()).contains("Version: ");
    }

    @Test
    void hostWithoutJavaIsRefused() throws Exception {
        assertRefused(
                installation
                        .command("jobmanager.sh", "start")
                        .env("JAVA_HOME", "")
                        .env("PATH", pathWithoutJava().toString()),
                "Sluice found no Java: JAVA_HOME is '' and there is no 'java' on the PATH. Set JAVA_HOME to a JDK 17.");
    }

    @ParameterizedTest
    @CsvSource({
        "jobmanager.sh,     rest.port,            JobManager",
        "jobmanager.sh,     jobmanager.rpc.port,  JobManager",
        "standalone-job.sh, rest.port,            JobManager",
        "taskmanager.sh,    taskmanager.rpc.port, TaskManager"
    })
    void takenPortIsRefused(String script, String option, String process) throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    installation.command(
                            script, "start", "-D%s=%d".formatted(option, holder.getLocalPort())),
                    "Cannot start the %s: port %d ('%s') is in use on this host. Stop the process that holds it, or set '%s' to a free port."
                            .formatted(process, holder.getLocalPort(), option, option));
        }
    }

    @Test
    void takenPortEndsTheStartOfACluster() throws Exception {
        int port = Integer.parseInt(installation.config().get("rest.port"));
        try (ServerSocket holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Command.Result result = installation.command("start-cluster.sh").run(DEADLINE);

            assertThat(result.stderr())
                    .isEqualTo(
                            "Cannot start the JobManager: port %d ('rest.port') is in use on this host. Stop the process that holds it, or set 'rest.port' to a free port.\n"
                                    .formatted(holder.getLocalPort()));
            assertThat(result.stdout()).isEqualTo("Starting cluster.\n");
            assertThat(result.exitCode()).isEqualTo(1);
            assertNothingIsLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"start-cluster.sh", "stop-cluster.sh", "flink"})
    void missingConfigurationIsRefused(String script) throws Exception {
        Path nowhere = sandbox.root().resolve("nowhere");

        assertRefused(
                installation.command(script).env("FLINK_CONF_DIR", nowhere.toString()),
                "Cannot read the configuration: %s/config.yaml does not exist. Set FLINK_CONF_DIR to the directory that holds it."
                        .formatted(nowhere));
    }

    @Test
    void brokenYamlIsRefused() throws Exception {
        Path config = sandbox.conf().resolve("config.yaml");
        Files.writeString(config, "rest:\n  port: [8081\n");

        assertRefused(
                installation.command("jobmanager.sh", "start"),
                "Cannot read the configuration: %s is not valid YAML: while parsing a flow sequence in reader, line 2, column 9 expected ',' or ']', but got <stream end> in reader, line 3, column 1."
                        .formatted(config));
    }

    @Test
    void duplicateKeyIsRefused() throws Exception {
        Path config = sandbox.conf().resolve("config.yaml");
        Files.writeString(config, "a: 1\na: 2\n");

        assertRefused(
                installation.command("taskmanager.sh", "start-foreground"),
                "Cannot read the configuration: %s is not valid YAML: while constructing a mapping in reader, line 1, column 1 found duplicate key a in reader, line 2, column 1."
                        .formatted(config));
    }

    @Test
    void memoryThatDoesNotFitIsRefused() throws Exception {
        assertRefused(
                installation.command(
                        "taskmanager.sh", "start", "-Dtaskmanager.memory.process.size=100m"),
                "Cannot start the TaskManager: its memory cannot be planned. Sum of configured JVM Metaspace (256.000mb (268435456 bytes)) and JVM Overhead (192.000mb (201326592 bytes)) exceed configured Total Process Memory (100.000mb (104857600 bytes)). Change the options 'taskmanager.memory.*'.");
    }

    @Test
    void unclosedQuoteInJvmOptionsIsRefused() throws Exception {
        assertRefused(
                installation.command("jobmanager.sh", "start", "-Denv.java.opts.all=-Da='b c"),
                "Option 'env.java.opts.all' has an opening ' without a closing one: -Da='b c. Add it.");
    }

    @Test
    void secretOfAFileSystemIsRefusedBeforeItIsLogged() throws Exception {
        assertRefused(
                installation.command(
                        "taskmanager.sh", "start", "-Dfs.multiconf.data.conf.s3.access-key=hush"),
                "Option 'fs.multiconf.data.conf.s3.access-key' looks like a secret, and config.yaml is no place for one: it is logged, and shown by the REST API and in ConfigMaps. Move it to the file that 'fs.multiconf.data.conf-file' names.");

        assertThat(sandbox.log()).isDirectoryNotContaining("glob:**.log");
    }

    @ParameterizedTest
    @CsvSource({
        "FLINK_LOG_DIR, env.log.dir",
        "FLINK_PID_DIR, env.pid.dir",
    })
    void directoryThatCannotBeWrittenIsRefused(String variable, String option) throws Exception {
        Path below = Files.createFile(sandbox.root().resolve("file")).resolve("directory");

        assertRefused(
                installation.command("taskmanager.sh", "start").env(variable, below.toString()),
                "Cannot write to %s. Set %s or '%s' to a directory that you may write."
                        .formatted(below, variable, option));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jobmanager.sh",
                "taskmanager.sh",
                "standalone-job.sh",
                "historyserver.sh",
                "sql-gateway.sh"
            })
    void callWithoutActionTellsTheUsage(String script) throws Exception {
        assertRefused(
                installation.command(script),
                "Usage: %s start|start-foreground|stop|stop-all [ARGUMENT ...]".formatted(script));
    }

    private void assertRefused(Command command, String line) throws Exception {
        Command.Result result = command.run(DEADLINE);

        assertThat(result.stderr()).isEqualTo(line + "\n");
        assertThat(result.stdout()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(1);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(sandbox.processes()).isEmpty();
        assertThat(sandbox.tmp()).isEmptyDirectory();
        assertThat(sandbox.pid()).isEmptyDirectory();
    }

    /** Returns the home of a JDK whose {@code java} is a line of shell. */
    private Path jdk(String body) throws IOException {
        Path home = sandbox.directory("jdk");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + body + "\n");
        java.toFile().setExecutable(true);
        return home;
    }

    /** Returns a directory with links to the commands that the scripts need before Java. */
    private Path pathWithoutJava() throws IOException {
        Path directory = sandbox.directory("path");
        for (String name : new String[] {"bash", "dirname", "readlink", "hostname", "id", "awk"}) {
            for (String bin : System.getenv("PATH").split(":", -1)) {
                Path program = Path.of(bin, name);
                if (Files.isExecutable(program) && !Files.exists(directory.resolve(name))) {
                    Files.createSymbolicLink(directory.resolve(name), program.toRealPath());
                }
            }
        }
        return directory;
    }
}
