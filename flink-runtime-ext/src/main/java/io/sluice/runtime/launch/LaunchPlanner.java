package io.sluice.runtime.launch;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.util.bash.FlinkConfigLoader;
import org.apache.flink.util.FlinkException;

import io.sluice.runtime.CheckpointingProfile;

import java.util.Arrays;
import java.util.Objects;

/**
 * Plans the start of one process: {@code LaunchPlanner KIND --configDir DIR [-Dkey=value ...]}.
 *
 * <p>Prints a {@link LaunchPlan} for bash to evaluate, or one line on standard error and exit code
 * 1. One short JVM for what stock Flink's scripts start two for.
 */
public final class LaunchPlanner {

    private LaunchPlanner() {}

    public static void main(String[] args) {
        try {
            System.out.print(plan(args).toShell());
            System.out.flush();
        } catch (LaunchException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /**
     * @throws LaunchException if the process cannot be started so
     */
    static LaunchPlan plan(String... args) {
        ProcessKind kind = ProcessKind.ofScriptName(args[0]);
        Configuration configuration = load(Arrays.copyOfRange(args, 1, args.length));
        SecretSettings.requireNone(configuration);
        requireKnownProfile(configuration);
        try {
            LaunchPlan plan = LaunchPlan.of(kind, configuration, System.getenv());
            ConfiguredPorts.requireFree(kind, configuration);
            return plan;
        } catch (IllegalConfigurationException e) {
            throw new LaunchException(
                    switch (kind.memory()) {
                        case JOBMANAGER -> memoryMessage(kind, e, "jobmanager.memory.*");
                        case TASKMANAGER -> memoryMessage(kind, e, "taskmanager.memory.*");
                        case POD, DEFAULT ->
                                "Cannot use the configuration: %s.".formatted(reason(e));
                    });
        } catch (IllegalArgumentException e) {
            throw new LaunchException("Cannot use the configuration: %s.".formatted(reason(e)));
        }
    }

    private static void requireKnownProfile(Configuration configuration) {
        try {
            CheckpointingProfile.of(configuration);
        } catch (IllegalConfigurationException e) {
            throw new LaunchException("Cannot use the configuration: %s.".formatted(reason(e)));
        }
    }

    private static String memoryMessage(ProcessKind kind, Throwable error, String options) {
        return "Cannot start the %s: its memory cannot be planned. %s. Change the options '%s'."
                .formatted(
                        kind.displayName(),
                        reason(error).replaceFirst("^TaskManager memory.*? failed: ", ""),
                        options);
    }

    private static Configuration load(String... args) {
        try {
            return FlinkConfigLoader.loadConfiguration(args);
        } catch (FlinkException | IllegalConfigurationException e) {
            throw new LaunchException("Cannot read the configuration: %s.".formatted(reason(e)));
        } catch (RuntimeException e) {
            throw new LaunchException(
                    "Cannot read the configuration: %s/config.yaml is not valid YAML: %s."
                            .formatted(args[1], oneLine(root(e))));
        }
    }

    /** Returns what went wrong and, where its first cause says something else, why. */
    private static String reason(Throwable error) {
        String what = oneLine(error);
        String why = oneLine(root(error));
        return what.contains(why) ? what : what + ": " + why;
    }

    private static Throwable root(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Returns the message, which in a YAML parser has several lines, without its full stop. */
    private static String oneLine(Throwable error) {
        return Objects.requireNonNullElse(error.getMessage(), error.toString())
                .strip()
                .replaceAll("\\s+", " ")
                .replaceFirst("\\.$", "");
    }
}
