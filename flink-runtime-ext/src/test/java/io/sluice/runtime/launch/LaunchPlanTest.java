package io.sluice.runtime.launch;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import io.sluice.runtime.RuntimeOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URL;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LaunchPlanTest {

    private final Configuration configuration = new Configuration();

    LaunchPlanTest() {
        configuration.setString("jobmanager.memory.process.size", "1600m");
        configuration.setString("taskmanager.memory.process.size", "1728m");
    }

    @Test
    void jobManagerMemoryIsFlinks() {
        LaunchPlan plan = LaunchPlan.of(ProcessKind.JOBMANAGER, configuration, Map.of());

        assertThat(plan.jvmArguments())
                .contains("-Xmx1073741824", "-Xms1073741824", "-XX:MaxMetaspaceSize=268435456");
        assertThat(plan.programArguments())
                .contains("-D", "jobmanager.memory.heap.size=1073741824b");
    }

    @Test
    void taskManagerMemoryIsFlinks() {
        LaunchPlan plan = LaunchPlan.of(ProcessKind.TASKMANAGER, configuration, Map.of());

        assertThat(plan.jvmArguments())
                .contains("-Xmx536870902", "-XX:MaxDirectMemorySize=268435458", "-XX:+UseG1GC");
        assertThat(plan.programArguments())
                .contains("-D", "taskmanager.memory.managed.size=536870920b");
    }

    @Test
    void processesThatRunJobsLogForEachIfAsked() {
        String appender = "-Dsluice.job-log.appender=JobAppender";
        LaunchPlan before = LaunchPlan.of(ProcessKind.TASKMANAGER, configuration, Map.of());
        configuration.setString("sluice.logs.per-job", "true");

        LaunchPlan taskManager = LaunchPlan.of(ProcessKind.TASKMANAGER, configuration, Map.of());
        LaunchPlan client = LaunchPlan.of(ProcessKind.CLIENT, configuration, Map.of());

        assertThat(before.jvmArguments()).doesNotContain(appender);
        assertThat(taskManager.jvmArguments()).contains(appender);
        assertThat(client.jvmArguments()).doesNotContain(appender);
    }

    @Test
    void chosenCollectorReplacesOurs() {
        configuration.setString("env.java.opts.taskmanager", "-XX:+UseParallelGC");

        LaunchPlan plan = LaunchPlan.of(ProcessKind.TASKMANAGER, configuration, Map.of());

        assertThat(plan.jvmArguments())
                .contains("-XX:+UseParallelGC")
                .doesNotContain("-XX:+UseG1GC");
    }

    @Test
    void optionsGoFromGeneralToSpecific() {
        configuration.setString("env.java.default-opts.all", "-Dd=1");
        configuration.setString("env.java.opts.all", "-Da=1 '-Dspace=x y'");
        configuration.setString("env.java.default-opts.jobmanager", "-De=1");
        configuration.setString("env.java.opts.jobmanager", "-Db=1");

        LaunchPlan plan =
                LaunchPlan.of(ProcessKind.JOBMANAGER, configuration, Map.of("JVM_ARGS", "-Dj=1"));

        assertThat(plan.jvmArguments())
                .containsSubsequence("-Dj=1", "-Dd=1", "-Da=1", "-Dspace=x y", "-De=1", "-Db=1");
    }

    @Test
    void environmentReplacesOptionsOfItsLevel() {
        configuration.setString("env.java.opts.all", "-Da=1");
        configuration.setString("env.java.opts.jobmanager", "-Db=1");

        LaunchPlan plan =
                LaunchPlan.of(
                        ProcessKind.JOBMANAGER,
                        configuration,
                        Map.of("FLINK_ENV_JAVA_OPTS", "-Dc=1", "FLINK_ENV_JAVA_OPTS_TM", "-Dt=1"));

        assertThat(plan.jvmArguments()).contains("-Dc=1", "-Db=1").doesNotContain("-Da=1", "-Dt=1");
    }

    @Test
    void clientInAPodIsNotSizedLikeTheTaskManager() {
        LaunchPlan plan =
                LaunchPlan.of(
                        ProcessKind.CLIENT,
                        configuration,
                        Map.of("FLINK_TM_JVM_MEM_OPTS", "-Xmx123m"));

        assertThat(plan.jvmArguments()).doesNotContain("-Xmx123m");
    }

    @Test
    void podBringsItsTaskManagersMemory() {
        LaunchPlan plan =
                LaunchPlan.of(
                        ProcessKind.KUBERNETES_TASKMANAGER,
                        configuration,
                        Map.of("FLINK_TM_JVM_MEM_OPTS", "-Xmx123m -Xms123m"));

        assertThat(plan.jvmArguments()).contains("-Xmx123m", "-Xms123m");
        assertThat(plan.programArguments()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyMainClassExistsInFlink(ProcessKind kind) {
        // The ones of modules that this module does not compile against are proved by system tests.
        if (kind == ProcessKind.JOBMANAGER
                || kind == ProcessKind.TASKMANAGER
                || kind == ProcessKind.CLIENT) {
            assertThat(resource(kind.mainClass(configuration))).isNotNull();
        }
        assertThat(ProcessKind.ofScriptName(kind.scriptName())).isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "JOBMANAGER",
                "STANDALONE_JOB",
                "KUBERNETES_SESSION",
                "KUBERNETES_APPLICATION",
                "TASKMANAGER",
                "KUBERNETES_TASKMANAGER"
            })
    void ownMainClassesRunUnlessSwitchedOff(ProcessKind kind) {
        String own = kind.mainClass(configuration);
        configuration.set(RuntimeOptions.ENABLED, false);
        String stock = kind.mainClass(configuration);

        assertThat(own).startsWith("io.sluice.runtime.entrypoint.");
        assertThat(resource(own)).isNotNull();
        assertThat(stock).startsWith("org.apache.flink.");
        assertThat(resource(stock)).isNotNull();
    }

    private static @Nullable URL resource(String mainClass) {
        return LaunchPlanTest.class
                .getClassLoader()
                .getResource(mainClass.replace('.', '/') + ".class");
    }

    @ParameterizedTest
    @CsvSource({
        "parallelism.default=1, true",
        "io.tmp.dirs=/data, false",
        "env.java.opts.all=-Djava.io.tmpdir=/data, false",
        "taskmanager.resource-id=tm-1, true",
        "taskmanager.resource-id=tm-1;execution.state-recovery.from-local=true, false",
        "taskmanager.resource-id=tm-1;execution.state-recovery.from-local=true;process.working-dir=/data, true"
    })
    void hasItsOwnTempDirectoryUnlessOneIsChosenOrMustStay(String settings, String expected) {
        for (String setting : settings.split(";", -1)) {
            String[] pair = setting.split("=", 2);
            configuration.setString(pair[0], pair[1]);
        }

        LaunchPlan plan = LaunchPlan.of(ProcessKind.TASKMANAGER, configuration, Map.of());

        assertThat(plan.settings()).containsEntry("plan_own_temp_dir", expected);
    }

    @Test
    void unknownProcessIsRefusedWithTheValidOnes() {
        assertThatThrownBy(() -> ProcessKind.ofScriptName("jobmanger"))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "There is no process 'jobmanger'. Valid are: jobmanager, standalone-job, kubernetes-session, kubernetes-application, taskmanager, kubernetes-taskmanager, historyserver, sql-gateway, sql-client, kubernetes-client, client.");
    }

    @Test
    void memoryThatDoesNotFitIsRefused() {
        configuration.setString("taskmanager.memory.process.size", "100m");

        assertThatThrownBy(() -> LaunchPlan.of(ProcessKind.TASKMANAGER, configuration, Map.of()))
                .isInstanceOf(IllegalConfigurationException.class);
    }

    @Test
    void bashEvaluatesWhatToShellPrints() throws Exception {
        configuration.setString("env.java.opts.all", "\"-Dquote=it's $HOME\"");
        configuration.setString("env.log.max", "3");
        String script =
                LaunchPlan.of(ProcessKind.CLIENT, configuration, Map.of())
                                .toShell()
                                .replaceAll("(?m)^" + LaunchPlan.MARK, "")
                        + "printf '%s|' \"${plan_jvm_args[@]: -1}\" $plan_log_max $plan_main_class";

        Process bash = new ProcessBuilder("bash", "-c", script).start();

        assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo("-Dquote=it's $HOME|3|org.apache.flink.client.cli.CliFrontend|");
    }
}
