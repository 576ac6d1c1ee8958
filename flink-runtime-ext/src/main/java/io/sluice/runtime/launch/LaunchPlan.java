package io.sluice.runtime.launch;

import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

import io.sluice.runtime.RuntimeOptions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How one process is started.
 *
 * @param mainClass its main class
 * @param jvmArguments everything between {@code java} and the class path, in order: a later one
 *     wins
 * @param programArguments what Flink's memory model adds behind the user's arguments
 * @param settings of the scripts, by the name of the shell variable that receives them
 */
record LaunchPlan(
        String mainClass,
        List<String> jvmArguments,
        List<String> programArguments,
        Map<String, String> settings) {

    /*
     * What Flink 2.3.0 opens on Java 17 and later. Stock Flink keeps this list in the configuration,
     * which a user's own configuration replaces as a whole, above all on Kubernetes.
     */
    private static final List<String> EXPORTS =
            List.of(
                    "java.rmi/sun.rmi.registry",
                    "java.security.jgss/sun.security.krb5",
                    "jdk.management/com.sun.management.internal");

    private static final List<String> OPENED_PACKAGES =
            List.of(
                    "java.lang",
                    "java.lang.reflect",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.math",
                    "java.text",
                    "java.time",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "java.util.concurrent.locks",
                    "sun.nio.ch");

    /** For our log4j.properties. The scripts replace the prefix. */
    private static final List<String> JOB_LOG_ARGUMENTS =
            List.of(
                    "-Dsluice.job-log.appender=JobAppender",
                    "-Dsluice.job-log.prefix=${FLINK_LOG_PREFIX}-job-");

    /** What begins each line that is meant for bash. */
    static final String MARK = "SLUICE_PLAN:";

    LaunchPlan {
        jvmArguments = List.copyOf(jvmArguments);
        programArguments = List.copyOf(programArguments);
    }

    /**
     * @param environment variables of the script's process
     * @throws LaunchException if a value cannot be used
     */
    static LaunchPlan of(
            ProcessKind kind, Configuration configuration, Map<String, String> environment) {
        List<String> programArguments = new ArrayList<>();
        List<String> jvmArguments = new ArrayList<>(moduleArguments());
        switch (kind.memory()) {
            case JOBMANAGER -> {
                JobManagerProcessSpec memory =
                        JobManagerProcessUtils.processSpecFromConfig(configuration);
                jvmArguments.addAll(
                        words(
                                JobManagerProcessUtils.generateJvmParametersStr(
                                        memory, configuration)));
                programArguments.addAll(
                        words(JobManagerProcessUtils.generateDynamicConfigsStr(memory)));
            }
            case TASKMANAGER -> {
                TaskExecutorProcessSpec memory =
                        TaskExecutorProcessUtils.processSpecFromConfig(configuration);
                jvmArguments.addAll(words(ProcessMemoryUtils.generateJvmParametersStr(memory)));
                programArguments.addAll(
                        words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory)));
            }
            case POD ->
                    jvmArguments.addAll(
                            words(environment.getOrDefault("FLINK_TM_JVM_MEM_OPTS", "")));
            case DEFAULT -> {}
        }
        List<String> given = givenJvmArguments(kind, configuration, environment);
        boolean isTaskManager = kind.optionsVariable().equals("FLINK_ENV_JAVA_OPTS_TM");
        if (isTaskManager && given.stream().noneMatch(LaunchPlan::choosesCollector)) {
            jvmArguments.add("-XX:+UseG1GC");
        }
        if (kind.runsJobs() && configuration.get(RuntimeOptions.LOGS_PER_JOB)) {
            jvmArguments.addAll(JOB_LOG_ARGUMENTS);
        }
        jvmArguments.addAll(given);
        return new LaunchPlan(
                kind.mainClass(configuration),
                jvmArguments,
                programArguments,
                settings(configuration, jvmArguments, programArguments));
    }

    private static List<String> moduleArguments() {
        List<String> arguments = new ArrayList<>();
        EXPORTS.forEach(exported -> arguments.add("--add-exports=" + exported + "=ALL-UNNAMED"));
        OPENED_PACKAGES.forEach(
                opened -> arguments.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
        // User options for another Java version must not prevent the start, as in stock Flink.
        arguments.add("-XX:+IgnoreUnrecognizedVMOptions");
        return arguments;
    }

    /** From general to specific; an environment variable replaces the options of its level. */
    private static List<String> givenJvmArguments(
            ProcessKind kind, Configuration configuration, Map<String, String> environment) {
        List<String> arguments =
                new ArrayList<>(
                        ShellWords.split(
                                environment.getOrDefault("JVM_ARGS", ""),
                                "Variable JVM_ARGS",
                                environment));
        arguments.addAll(
                level(
                        "FLINK_ENV_JAVA_OPTS",
                        List.of(
                                CoreOptions.FLINK_DEFAULT_JVM_OPTIONS,
                                CoreOptions.FLINK_JVM_OPTIONS),
                        configuration,
                        environment));
        arguments.addAll(
                level(kind.optionsVariable(), kind.jvmOptionKeys(), configuration, environment));
        return arguments;
    }

    private static List<String> level(
            String variable,
            List<ConfigOption<String>> options,
            Configuration configuration,
            Map<String, String> environment) {
        String override = environment.getOrDefault(variable, "");
        if (!override.isBlank()) {
            return ShellWords.split(override, "Variable " + variable, environment);
        }
        List<String> words = new ArrayList<>();
        for (var option : options) {
            words.addAll(
                    ShellWords.split(
                            configuration.get(option),
                            "Option '" + option.key() + "'",
                            environment));
        }
        return words;
    }

    private static boolean choosesCollector(String jvmArgument) {
        return jvmArgument.matches("-XX:\\+Use[A-Za-z0-9]+GC");
    }

    private static Map<String, String> settings(
            Configuration configuration, List<String> jvmArguments, List<String> programArguments) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("plan_java_home", configuration.get(CoreOptions.FLINK_JAVA_HOME, ""));
        settings.put("plan_log_dir", configuration.get(CoreOptions.FLINK_LOG_DIR, ""));
        settings.put("plan_log_level", configuration.get(CoreOptions.FLINK_LOG_LEVEL));
        settings.put("plan_log_max", configuration.get(CoreOptions.FLINK_LOG_MAX).toString());
        settings.put("plan_pid_dir", configuration.get(CoreOptions.FLINK_PID_DIR));
        settings.put(
                "plan_redirect_to_file",
                configuration.get(CoreOptions.FLINK_STD_REDIRECT_TO_FILE).toString());
        settings.put("plan_ssh_opts", configuration.get(CoreOptions.FLINK_SSH_OPTIONS, ""));
        settings.put(
                "plan_own_temp_dir",
                String.valueOf(
                        !choosesTempDirectory(configuration, jvmArguments)
                                && !keepsWorkingDirectory(configuration)));
        settings.put(
                "plan_hadoop_conf_dir", configuration.get(CoreOptions.FLINK_HADOOP_CONF_DIR, ""));
        settings.put("plan_yarn_conf_dir", configuration.get(CoreOptions.FLINK_YARN_CONF_DIR, ""));
        settings.put(
                "plan_hbase_conf_dir", configuration.get(CoreOptions.FLINK_HBASE_CONF_DIR, ""));
        settings.put("plan_archive_obstacle", ClassDataSharing.obstacle(jvmArguments).orElse(""));
        // Flink logs this variable at its start, so that the log tells how the process was sized.
        settings.put(
                "FLINK_INHERITED_LOGS",
                "jvm_params: %s%ndynamic_configs: %s"
                        .formatted(
                                String.join(" ", jvmArguments),
                                String.join(" ", programArguments)));
        return settings;
    }

    private static boolean choosesTempDirectory(
            Configuration configuration, List<String> jvmArguments) {
        return configuration.containsKey(CoreOptions.TMP_DIRS.key())
                || jvmArguments.stream().anyMatch(a -> a.startsWith("-Djava.io.tmpdir="));
    }

    /**
     * Whether a TaskManager is to find its local state again after a restart, in the default
     * working directory: below the temporary one, which must then stay the same.
     */
    private static boolean keepsWorkingDirectory(Configuration configuration) {
        return configuration.get(StateRecoveryOptions.LOCAL_RECOVERY)
                && configuration.contains(TaskManagerOptions.TASK_MANAGER_RESOURCE_ID)
                && !configuration.contains(ClusterOptions.TASK_MANAGER_PROCESS_WORKING_DIR_BASE)
                && !configuration.contains(ClusterOptions.PROCESS_WORKING_DIR_BASE);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
    }

    /**
     * Returns assignments for bash to evaluate, two arrays and one variable for each setting, each
     * line behind {@link #MARK}: other parts of the JVM may print there too.
     */
    String toShell() {
        StringBuilder shell = new StringBuilder();
        shell.append("plan_main_class=").append(ShellWords.quote(mainClass)).append('\n');
        shell.append("plan_jvm_args=").append(array(jvmArguments)).append('\n');
        shell.append("plan_program_args=").append(array(programArguments)).append('\n');
        settings.forEach(
                (name, value) ->
                        shell.append(name)
                                .append('=')
                                .append(ShellWords.quote(value))
                                .append('\n'));
        return shell.toString().replaceAll("(?m)^", MARK);
    }

    private static String array(List<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" ", "(", ")"));
    }
}
