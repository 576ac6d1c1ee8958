package io.sluice.runtime.launch;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A process that the scripts start: its main class, its memory and the options that concern it. */
enum ProcessKind {
    JOBMANAGER(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            Memory.JOBMANAGER,
            "FLINK_ENV_JAVA_OPTS_JM",
            CoreOptions.FLINK_DEFAULT_JM_JVM_OPTIONS,
            CoreOptions.FLINK_JM_JVM_OPTIONS),
    STANDALONE_JOB(
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
            Memory.JOBMANAGER,
            "FLINK_ENV_JAVA_OPTS_JM",
            CoreOptions.FLINK_DEFAULT_JM_JVM_OPTIONS,
            CoreOptions.FLINK_JM_JVM_OPTIONS),
    KUBERNETES_SESSION(
            "org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint",
            Memory.JOBMANAGER,
            "FLINK_ENV_JAVA_OPTS_JM",
            CoreOptions.FLINK_DEFAULT_JM_JVM_OPTIONS,
            CoreOptions.FLINK_JM_JVM_OPTIONS),
    KUBERNETES_APPLICATION(
            "org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint",
            Memory.JOBMANAGER,
            "FLINK_ENV_JAVA_OPTS_JM",
            CoreOptions.FLINK_DEFAULT_JM_JVM_OPTIONS,
            CoreOptions.FLINK_JM_JVM_OPTIONS),
    TASKMANAGER(
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            Memory.TASKMANAGER,
            "FLINK_ENV_JAVA_OPTS_TM",
            CoreOptions.FLINK_DEFAULT_TM_JVM_OPTIONS,
            CoreOptions.FLINK_TM_JVM_OPTIONS),
    /** Its memory was planned by the JobManager and comes with the pod. */
    KUBERNETES_TASKMANAGER(
            "org.apache.flink.kubernetes.taskmanager.KubernetesTaskExecutorRunner",
            Memory.POD,
            "FLINK_ENV_JAVA_OPTS_TM",
            CoreOptions.FLINK_DEFAULT_TM_JVM_OPTIONS,
            CoreOptions.FLINK_TM_JVM_OPTIONS),
    HISTORYSERVER(
            "org.apache.flink.runtime.webmonitor.history.HistoryServer",
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_HS",
            null,
            CoreOptions.FLINK_HS_JVM_OPTIONS),
    SQL_GATEWAY(
            "org.apache.flink.table.gateway.SqlGateway",
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_SQL_GATEWAY",
            null,
            CoreOptions.FLINK_SQL_GATEWAY_JVM_OPTIONS),
    SQL_CLIENT(
            "org.apache.flink.table.client.SqlClient",
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_CLI",
            null,
            CoreOptions.FLINK_CLI_JVM_OPTIONS),
    KUBERNETES_CLIENT(
            "org.apache.flink.kubernetes.cli.KubernetesSessionCli",
            Memory.DEFAULT,
            "FLINK_ENV_JAVA_OPTS_CLI",
            null,
            CoreOptions.FLINK_CLI_JVM_OPTIONS),
    CLIENT(
            "org.apache.flink.client.cli.CliFrontend",
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

    private final String mainClass;
    private final Memory memory;
    private final String optionsVariable;
    private final @Nullable ConfigOption<String> administratorsOptions;
    private final ConfigOption<String> options;

    ProcessKind(
            String mainClass,
            Memory memory,
            String optionsVariable,
            @Nullable ConfigOption<String> administratorsOptions,
            ConfigOption<String> options) {
        this.mainClass = mainClass;
        this.memory = memory;
        this.optionsVariable = optionsVariable;
        this.administratorsOptions = administratorsOptions;
        this.options = options;
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

    String mainClass() {
        return mainClass;
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
