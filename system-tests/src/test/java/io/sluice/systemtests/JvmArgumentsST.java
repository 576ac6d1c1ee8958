package io.sluice.systemtests;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Which JVM a process gets, and which of the arguments that users can give arrive in it. */
class JvmArgumentsST {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Await POLLING = Await.every(Duration.ofMillis(20));

    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void clean() throws Exception {
        sandbox.killProcesses();
        sandbox.close();
    }

    @Test
    void optionsOfBothLevelsArriveFromGeneralToSpecific() throws Exception {
        Installation installation =
                installation(
                        Map.of(
                                "env.java.opts.all", "-Dlevel=all -Dquoted='a b'",
                                "env.java.opts.taskmanager", "-Dlevel=taskmanager",
                                "env.java.opts.jobmanager", "-Dlevel=jobmanager"));

        List<String> taskManager = jvm(installation.command("taskmanager.sh", "start-foreground"));
        List<String> jobManager = jvm(installation.command("jobmanager.sh", "start-foreground"));

        assertThat(taskManager)
                .containsSubsequence("-Dlevel=all", "-Dquoted=a b", "-Dlevel=taskmanager")
                .doesNotContain("-Dlevel=jobmanager");
        assertThat(jobManager)
                .containsSubsequence("-Dlevel=all", "-Dquoted=a b", "-Dlevel=jobmanager")
                .doesNotContain("-Dlevel=taskmanager");
    }

    @Test
    void variablesReplaceTheOptionsOfTheirLevel() throws Exception {
        Installation installation =
                installation(
                        Map.of(
                                "env.java.opts.all", "-Dlevel=all",
                                "env.java.opts.taskmanager", "-Dlevel=taskmanager"));
        Command start = installation.command("taskmanager.sh", "start-foreground");

        List<String> onlyAll = jvm(start.env("FLINK_ENV_JAVA_OPTS", "-Dvariable=all"));
        List<String> both =
                jvm(
                        start.env("FLINK_ENV_JAVA_OPTS", "-Dvariable=all")
                                .env("FLINK_ENV_JAVA_OPTS_TM", "-Dvariable=tm")
                                .env("FLINK_ENV_JAVA_OPTS_JM", "-Dvariable=jm"));

        assertThat(onlyAll)
                .containsSubsequence("-Dvariable=all", "-Dlevel=taskmanager")
                .doesNotContain("-Dlevel=all");
        assertThat(both)
                .containsSubsequence("-Dvariable=all", "-Dvariable=tm")
                .doesNotContain("-Dlevel=all", "-Dlevel=taskmanager", "-Dvariable=jm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"env.java.opts.all", "env.java.opts.taskmanager"})
    void logPrefixIsThatOfTheLogFile(String option) throws Exception {
        Installation installation =
                installation(Map.of(option, "-Xlog:gc*:file=${FLINK_LOG_PREFIX}.gc.log"));
        Command start =
                installation
                        .command("taskmanager.sh", "start-foreground")
                        .env("FLINK_IDENT_STRING", "tester");

        try (LaunchedProcess process = start.start("process")) {
            List<String> jvm = awaitJvm(process);

            String logFile = property(jvm, "log.file");
            String gcLog = logFile.replaceFirst("\\.log$", ".gc.log");
            assertThat(logFile).startsWith(sandbox.log() + "/flink-tester-taskexecutor-");
            assertThat(jvm).contains("-Xlog:gc*:file=" + gcLog);
            POLLING.until("the file " + gcLog, DEADLINE, () -> Files.exists(Path.of(gcLog)));
            process.kill();
        }
    }

    @Test
    void memoryAndModulesOfThePlanArrive() throws Exception {
        Installation installation = installation(Map.of("taskmanager.memory.process.size", "1g"));

        List<String> jvm = jvm(installation.command("taskmanager.sh", "start-foreground"));

        assertThat(jvm)
                .contains(
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "-XX:MaxMetaspaceSize=268435456",
                        "-XX:+UseG1GC")
                .containsSubsequence("-D", "taskmanager.memory.jvm-metaspace.size=268435456b");
        assertThat(jvm).filteredOn(argument -> argument.startsWith("-Xmx")).hasSize(1);
    }

    @Test
    void javaHomeIsUsedUnlessTheConfigurationNamesAnother() throws Exception {
        Path ofVariable = linkToThisJdk("of-variable");
        Path ofOption = linkToThisJdk("of-option");

        List<String> without =
                jvm(
                        installation(Map.of())
                                .command("taskmanager.sh", "start-foreground")
                                .env("JAVA_HOME", ofVariable.toString()));
        List<String> with =
                jvm(
                        installation(Map.of("env.java.home", ofOption.toString()))
                                .command("taskmanager.sh", "start-foreground")
                                .env("JAVA_HOME", ofVariable.toString()));

        assertThat(without.get(0)).isEqualTo(ofVariable + "/bin/java");
        assertThat(with.get(0)).isEqualTo(ofOption + "/bin/java");
    }

    @Test
    void configuredJdkIsEnoughWhereJavaHomeIsNoneOfUse() throws Exception {
        Path good = linkToThisJdk("good");
        Path bad = sandbox.directory("bad");
        Installation installation = installation(Map.of());
        Files.writeString(
                sandbox.conf().resolve("config.yaml"),
                """
                taskmanager.memory.process.size: 1g
                env:
                  # which one
                  java:
                    home: "%s" # this one
                """
                        .formatted(good));

        List<String> jvm =
                jvm(
                        installation
                                .command("taskmanager.sh", "start-foreground")
                                .env("JAVA_HOME", bad.toString()));

        assertThat(jvm.get(0)).isEqualTo(good + "/bin/java");
    }

    private Installation installation(Map<String, String> config) {
        return new Installation(Distribution.fromSystemProperty(), sandbox, config);
    }

    private Path linkToThisJdk(String name) throws IOException {
        return Files.createSymbolicLink(
                sandbox.root().resolve(name), Path.of(System.getProperty("java.home")));
    }

    /** Starts the process, returns its command line as a JVM, and ends it. */
    private static List<String> jvm(Command start) throws InterruptedException {
        try (LaunchedProcess process = start.start("process")) {
            List<String> line = awaitJvm(process);
            process.kill();
            return line;
        }
    }

    private static List<String> awaitJvm(LaunchedProcess process) throws InterruptedException {
        LinuxProcess shown = new LinuxProcess(process.pid());
        return POLLING.until(
                "the JVM",
                DEADLINE,
                () -> {
                    process.requireAlive();
                    return shown.commandLine();
                },
                words -> words.contains("-classpath"));
    }

    private static String property(List<String> jvm, String name) {
        String prefix = "-D%s=".formatted(name);
        return jvm.stream()
                .filter(argument -> argument.startsWith(prefix))
                .map(argument -> argument.substring(prefix.length()))
                .findFirst()
                .orElseThrow();
    }
}
