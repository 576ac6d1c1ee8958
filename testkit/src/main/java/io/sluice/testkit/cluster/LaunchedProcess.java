package io.sluice.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that we started, its children, and the file that gets its output.
 *
 * <p>Closing it, or the exit of this JVM, ends the process and its children.
 */
public final class LaunchedProcess implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);
    private static final Await POLLING = Await.every(Duration.ofMillis(50));
    private static final int TAIL_LINES = 40;

    private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError";
    private static final int OUT_OF_MEMORY_EXIT_CODE = 3;

    /** What a shutdown of this JVM must not leave behind. */
    private static final Set<ProcessHandle> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(LaunchedProcess::killAll, "kill-launched-processes"));
    }

    private static volatile boolean allAreKilled;

    private final String name;
    private final Process process;
    private final Path outputFile;

    /** All children seen so far: once their parent is dead, nothing else leads to them. */
    private final Set<ProcessHandle> children = ConcurrentHashMap.newKeySet();

    LaunchedProcess(String name, Process process, Path outputFile) {
        this.name = name;
        this.process = process;
        this.outputFile = outputFile;
        RUNNING.removeIf(handle -> !handle.isAlive());
        RUNNING.add(process.toHandle());
        if (allAreKilled) {
            killWithChildren(process.toHandle());
        }
    }

    /**
     * Kills every process that was launched in this JVM, and each that is launched from now on;
     * returns when they are gone. For shutdown hooks, from any thread.
     */
    public static void killAll() {
        allAreKilled = true;
        RUNNING.forEach(LaunchedProcess::killWithChildren);
        for (ProcessHandle handle : RUNNING) {
            handle.onExit().orTimeout(KILL_DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
        }
    }

    public String name() {
        return name;
    }

    /**
     * Returns the process id: that of the JVM once a {@code start-foreground} script is through.
     */
    public long pid() {
        return process.pid();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Path outputFile() {
        return outputFile;
    }

    /** Returns all it wrote so far. */
    public String output() {
        return Command.read(outputFile);
    }

    /** Writes a line to the standard input of a process that was started with one. */
    public void send(String line) {
        try {
            Writer input = process.outputWriter(StandardCharsets.UTF_8);
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot send '%s' to the standard input of %s.".formatted(line, this), e);
        }
    }

    /** Returns the exit code of a process that has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    /**
     * Returns the line with which a JVM ended at its first OutOfMemoryError, if it did and was
     * started with {@code -XX:+ExitOnOutOfMemoryError}.
     */
    public Optional<String> outOfMemory() {
        if (process.isAlive() || process.exitValue() != OUT_OF_MEMORY_EXIT_CODE) {
            return Optional.empty();
        }
        return output().lines().filter(line -> line.startsWith(OUT_OF_MEMORY)).findFirst();
    }

    /** Waits for the end and returns the exit code. */
    public int awaitExit(Duration deadline) throws InterruptedException {
        if (!hasExitedWithin(deadline)) {
            throw new IllegalStateException(
                    "%s (pid %d) still runs after %.1f s. Last lines of its output:%n%s"
                            .formatted(name, pid(), deadline.toMillis() / 1000.0, tail()));
        }
        return process.exitValue();
    }

    boolean hasExitedWithin(Duration deadline) throws InterruptedException {
        return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until the output holds {@code pattern} and returns the first match.
     *
     * @throws GiveUpException as soon as the process has ended without it
     */
    public MatchResult awaitOutput(Pattern pattern, Duration deadline) throws InterruptedException {
        return POLLING.until(
                        "'%s' in the output of %s".formatted(pattern, name),
                        deadline,
                        () -> firstMatch(pattern),
                        Optional::isPresent)
                .orElseThrow();
    }

    private Optional<MatchResult> firstMatch(Pattern pattern) {
        boolean ended = !process.isAlive();
        Matcher matcher = pattern.matcher(output());
        if (matcher.find()) {
            return Optional.of(matcher.toMatchResult());
        }
        if (ended) {
            throw new GiveUpException(
                    "'%s' never came in the output of %s: %s".formatted(pattern, name, ending()));
        }
        return Optional.empty();
    }

    /** Fails with the end of its output if the process has ended. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new GiveUpException(ending());
        }
    }

    private String ending() {
        return "%s (pid %d) ended with exit code %d. Last lines of its output:%n%s"
                .formatted(name, pid(), process.exitValue(), tail());
    }

    private String tail() {
        return lastLines(output());
    }

    static String lastLines(String text) {
        List<String> lines = text.lines().toList();
        return String.join(
                System.lineSeparator(),
                lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    /** Sends SIGTERM and does not wait. */
    public void requestStop() {
        noteChildren();
        process.destroy();
    }

    /**
     * Sends SIGTERM, and SIGKILL if it still runs after {@code grace}. Its children end with it.
     *
     * @return whether SIGTERM was enough
     */
    public boolean stop(Duration grace) throws InterruptedException {
        requestStop();
        boolean stopped = hasExitedWithin(grace);
        kill();
        return stopped;
    }

    /** Sends SIGKILL to it and its children; returns when they are gone. */
    public void kill() throws InterruptedException {
        noteChildren();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        if (!hasExitedWithin(KILL_DEADLINE)) {
            throw new IllegalStateException(
                    "%s (pid %d) survived SIGKILL for %d s. It may hang in the kernel; look at its state with ps."
                            .formatted(name, pid(), KILL_DEADLINE.toSeconds()));
        }
        POLLING.until(
                "the end of the children of " + name,
                KILL_DEADLINE,
                () -> children.stream().allMatch(LaunchedProcess::isGone));
    }

    /**
     * Without an init process that reaps it, an orphan stays a zombie: alive, without a program.
     */
    private static boolean isGone(ProcessHandle child) {
        return !child.isAlive() || child.info().command().isEmpty();
    }

    private void noteChildren() {
        process.descendants().forEach(children::add);
    }

    private static void killWithChildren(ProcessHandle handle) {
        List<ProcessHandle> children = handle.descendants().toList();
        handle.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Ends it as {@link #stop} does. An interrupt cuts the grace short. Idempotent. */
    @Override
    public void close() {
        try {
            stop(GRACE);
        } catch (InterruptedException e) {
            killWithChildren(process.toHandle());
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "%s (pid %d)".formatted(name, pid());
    }
}
