package io.sluice.testkit.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program with its arguments and its whole environment; immutable. It runs in the sandbox's root,
 * reads nothing from standard input, unless it is {@linkplain #startWithInput started with input},
 * and writes to files in the sandbox's {@code log/}.
 */
public final class Command {

    /*
     * Output goes to files, not pipes: a pipe stays open as long as any background child of a
     * script holds it, so reading it to its end would wait for daemons.
     */

    /** Variables of the caller that would change what a script does. */
    private static final List<String> NOT_INHERITED =
            List.of(
                    "FLINK_",
                    "_FLINK",
                    "SLUICE_",
                    "HADOOP_",
                    "HBASE_",
                    "YARN_",
                    "JVM_ARGS",
                    "JAVA_TOOL_OPTIONS",
                    "JDK_JAVA_OPTIONS",
                    "_JAVA_OPTIONS");

    private static final ProcessBuilder.Redirect NO_INPUT =
            ProcessBuilder.Redirect.from(new File("/dev/null"));

    private final Sandbox sandbox;
    private final List<String> line;
    private final Map<String, String> environment;

    private Command(Sandbox sandbox, List<String> line, Map<String, String> environment) {
        this.sandbox = sandbox;
        this.line = List.copyOf(line);
        this.environment = Map.copyOf(environment);
    }

    /**
     * Creates a command with the environment of this JVM, less what would steer Flink's scripts.
     * {@code JAVA_HOME} is the JDK of this JVM if the environment names none.
     */
    public static Command of(Sandbox sandbox, Path program, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(program.toString());
        line.addAll(List.of(arguments));
        return new Command(sandbox, line, inherited(System.getenv()));
    }

    static Map<String, String> inherited(Map<String, String> environment) {
        Map<String, String> kept = new TreeMap<>(environment);
        kept.keySet().removeIf(name -> NOT_INHERITED.stream().anyMatch(name::startsWith));
        kept.computeIfAbsent("JAVA_HOME", unset -> System.getProperty("java.home", ""));
        return kept;
    }

    /** Returns this command with one more variable, or another value for it. */
    public Command env(String name, String value) {
        return env(Map.of(name, value));
    }

    public Command env(Map<String, String> variables) {
        Map<String, String> changed = new TreeMap<>(environment);
        changed.putAll(variables);
        return new Command(sandbox, line, changed);
    }

    public Command withoutEnv(String name) {
        Map<String, String> changed = new TreeMap<>(environment);
        changed.remove(name);
        return new Command(sandbox, line, changed);
    }

    /** Returns this command with more arguments at its end. */
    public Command args(String... arguments) {
        List<String> longer = new ArrayList<>(line);
        longer.addAll(List.of(arguments));
        return new Command(sandbox, longer, environment);
    }

    /**
     * Returns a command that calls {@code launcher} with this one, less its environment, behind.
     */
    public Command behind(String... launcher) {
        List<String> longer = new ArrayList<>(List.of(launcher));
        longer.addAll(line);
        return new Command(sandbox, longer, environment);
    }

    /**
     * Runs to the end. Daemons that it leaves behind are the caller's.
     *
     * @throws IllegalStateException if it has not ended at the deadline; it is then killed
     */
    public Result run(Duration deadline) throws InterruptedException {
        Path stdout = sandbox.newLogFile(programName(), "stdout");
        Path stderr = sandbox.newLogFile(programName(), "stderr");
        ProcessBuilder builder = builder();
        builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
        long startNanos = System.nanoTime();
        try (LaunchedProcess process =
                new LaunchedProcess(programName(), launch(builder), stdout)) {
            if (!process.hasExitedWithin(deadline)) {
                process.kill();
                throw new IllegalStateException(
                        "'%s' did not end within %s and was killed.%n%s"
                                .formatted(
                                        this,
                                        seconds(deadline),
                                        outputs(read(stdout), read(stderr))));
            }
            return new Result(
                    toString(),
                    process.exitCode(),
                    read(stdout),
                    read(stderr),
                    Duration.ofNanos(System.nanoTime() - startNanos));
        }
    }

    /** Starts it and returns; standard output and error go to {@code log/<name>.out}. */
    public LaunchedProcess start(String name) {
        return start(name, NO_INPUT);
    }

    /**
     * Starts it as {@link #start} does, but with standard input: what is {@linkplain
     * LaunchedProcess#send sent} to it. Its input ends when this JVM does, in whatever way.
     */
    public LaunchedProcess startWithInput(String name) {
        return start(name, ProcessBuilder.Redirect.PIPE);
    }

    private LaunchedProcess start(String name, ProcessBuilder.Redirect input) {
        Path output = sandbox.newLogFile(name, "out");
        ProcessBuilder builder = builder();
        builder.redirectInput(input);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        return new LaunchedProcess(name, launch(builder), output);
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.directory(sandbox.root().toFile());
        builder.redirectInput(NO_INPUT);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private Process launch(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start '%s'.".formatted(this), e);
        }
    }

    private String programName() {
        return String.valueOf(Path.of(line.get(0)).getFileName());
    }

    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the output file " + file + ".", e);
        }
    }

    private static String outputs(String stdout, String stderr) {
        return "stdout:%n%s%nstderr:%n%s"
                .formatted(LaunchedProcess.lastLines(stdout), LaunchedProcess.lastLines(stderr));
    }

    private static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }

    @Override
    public String toString() {
        return String.join(" ", line);
    }

    /** What a command left: exit code and both outputs, complete. */
    public record Result(
            String command, int exitCode, String stdout, String stderr, Duration took) {

        /** Returns this, or fails with both outputs if the exit code is not 0. */
        public Result requireSuccess() {
            if (exitCode != 0) {
                throw new IllegalStateException(
                        "'%s' ended with exit code %d.%n%s"
                                .formatted(command, exitCode, outputs(stdout, stderr)));
            }
            return this;
        }
    }
}
