package io.sluice.runtime.launch;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;

import io.sluice.runtime.RuntimeOptions;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A process that the scripts start: its main class, its memory and the options that concern it. */
enum ProcessKind {
    JOBMANAGER(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "io.sluice.runtime.entrypoint.SessionJobManager",
            Memory.JOBMANAGER,
            "FLINK_ENV_JAVA_OPTS_JM",
            CoreOptions.FLINK_DEFAULT_JM_JVM_OPTIONS,
            CoreOptions.FLINK_JM_JVM_OPTIONS),
    STANDALONE_JOB(
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
            "io.sluice.runtime.entrypoint.StandaloneApplicationJobManager",
            Memory.JOBMANAGER,
            "FLINK_ENV_JAVA_OPTS_JM",
            CoreOptions.FLINK_DEFAULT_JM_JVM_OPTIONS,
            CoreOptions.FLINK_JM_JVM_OPTIONS),
    KUBERNETES_SESSION(
            "org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint",
            "io.sluice.runtime.entrypoint.KubernetesSessionJobManager",
            Memory.JOBMANAGER,
            "FLINK_ENV_JAVA_OPTS_JM",
            CoreOptions.FLINK_DEFAULT_JM_JVM_OPTIONS,
            CoreOptions.FLINK_JM_JVM_OPTIONS),
    KUBERNETES_APPLICATION(
            "org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint",
            "io.sluice.runtime.entrypoint.KubernetesApplicationJobManager",
            Memory.JOBMANAGER,
            "FLINK_ENV_JAVA_OPTS_JM",
            CoreOptions.FLINK_DEFAULT_JM_JVM_OPTIONS,
            CoreOptions.FLINK_JM_JVM_OPTIONS),
    TASKMANAGER(
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            "io.sluice.runtime.entrypoint.ExtendedTaskManager",
            Memory.TASKMANAGER,
            "FLINK_ENV_JAVA_OPTS_TM",
            CoreOptions.FLINK_DEFAULT_TM_JVM_OPTIONS,
            CoreOptions.FLINK_TM_JVM_OPTIONS),
    /** Its memory was planned by the JobManager and comes with the pod. */
    KUBERNETES_TASKMANAGER(
            "org.apache.flink.kubernetes.taskmanager.KubernetesTaskExecutorRunner",
            "io.sluice.runtime.entrypoint.KubernetesTaskManager",
            Memory.POD,
            "FLINK_ENV_JAVA_OPTS_TM",
            CoreOptions.FLINK_DEFAULT_TM_JVM_OPTIONS,
            CoreOptions.FLINK_TM_JVM_OPTIONS),
    HISTORYSERVER(
            "org.apache.flink.runtime.webmonitor.history.HistoryServer",
            null,
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_HS",
            null,
            CoreOptions.FLINK_HS_JVM_OPTIONS),
    SQL_GATEWAY(
            "org.apache.flink.table.gateway.SqlGateway",
            null,
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_SQL_GATEWAY",
            null,
            CoreOptions.FLINK_SQL_GATEWAY_JVM_OPTIONS),
    SQL_CLIENT(
            "org.apache.flink.table.client.SqlClient",
            null,
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_CLI",
            null,
            CoreOptions.FLINK_CLI_JVM_OPTIONS),
    KUBERNETES_CLIENT(
            "org.apache.flink.kubernetes.cli.KubernetesSessionCli",
            null,
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_CLI",
            null,
            CoreOptions.FLINK_CLI_JVM_OPTIONS),
    CLIENT(
            "org.apache.flink.client.cli.CliFrontend",
            null,
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_CLI",
            null,
            CoreOptions.FLINK_CLI_JVM_OPTIONS);

    /** Where heap and direct memory sizes come from. */
    enum Memory {
        JOBMANAGER,
        TASKMANAGER,
        /** The variable {@code FLINK_TM_JVM_MEM_OPTS} of the pod. */
        POD,
        /** Not from Flink: the JVM's defaults, or what the user's options say. */
        DEFAULT
    }

    private final String stockMainClass;
    private final @Nullable String extendedMainClass;
    private final Memory memory;
    private final String optionsVariable;
    private final @Nullable ConfigOption<String> administratorsOptions;
    private final ConfigOption<String> options;

    ProcessKind(
            String stockMainClass,
            @Nullable String extendedMainClass,
            Memory memory,
            String optionsVariable,
            @Nullable ConfigOption<String> administratorsOptions,
            ConfigOption<String> options) {
        this.stockMainClass = stockMainClass;
        this.extendedMainClass = extendedMainClass;
        this.memory = memory;
        this.optionsVariable = optionsVariable;
        this.administratorsOptions = administratorsOptions;
        this.options = options;
    }

    /** Whether it is a JobManager or a TaskManager. */
    boolean runsJobs() {
        return extendedMainClass != null;
    }

    /** The name that the scripts use: {@code sql-gateway}. */
    String scriptName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ProcessKind ofScriptName(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.scriptName().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new LaunchException(
                                        "There is no process '%s'. Valid are: %s."
                                                .formatted(name, scriptNames())));
    }

    private static String scriptNames() {
        return Arrays.stream(values())
                .map(ProcessKind::scriptName)
                .collect(Collectors.joining(", "));
    }

    /** The name in messages. */
    String displayName() {
        return switch (this) {
            case JOBMANAGER, STANDALONE_JOB, KUBERNETES_SESSION, KUBERNETES_APPLICATION ->
                    "JobManager";
            case TASKMANAGER, KUBERNETES_TASKMANAGER -> "TaskManager";
            case HISTORYSERVER -> "history server";
            case SQL_GATEWAY -> "SQL gateway";
            case SQL_CLIENT -> "SQL client";
            case KUBERNETES_CLIENT -> "Kubernetes session client";
            case CLIENT -> "client";
        };
    }

    /** Returns ours if there is one, unless that is switched off. */
    String mainClass(Configuration configuration) {
        return extendedMainClass != null && configuration.get(RuntimeOptions.ENABLED)
                ? extendedMainClass
                : stockMainClass;
    }

    Memory memory() {
        return memory;
    }

    /** Environment variable that replaces {@link #jvmOptionKeys()}. */
    String optionsVariable() {
        return optionsVariable;
    }

    /** Options with JVM arguments of this kind of process, the administrator's first. */
    List<ConfigOption<String>> jvmOptionKeys() {
        return administratorsOptions == null
                ? List.of(options)
                : List.of(administratorsOptions, options);
    }
}
