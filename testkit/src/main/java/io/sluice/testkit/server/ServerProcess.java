package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.process.Answers;
import io.sluice.testkit.server.process.Words;
import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A server in a JVM of its own, which listens on the loopback address only. It ends when it is
 * closed, and when this JVM ends in whatever way. Thread-safe; faults may come from other threads.
 */
abstract class ServerProcess implements AutoCloseable {

    private static final Duration START_DEADLINE = Duration.ofSeconds(90);
    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(20);

    private static final List<String> JVM_OPTIONS =
            List.of(
                    "-Xmx384m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-Djava.net.preferIPv4Stack=true",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

    private final LaunchedProcess process;

    /** What the server said when it was ready. */
    private final List<String> ready;

    private int lastRequest = Answers.READY;
    private @Nullable Suspension suspension;

    /**
     * Starts a server; returns when it serves.
     *
     * @param jars the name of its directory of jars
     * @param main reads the settings, and serves by {@link Answers}
     */
    ServerProcess(
            Sandbox sandbox,
            Path directory,
            String jars,
            Class<?> main,
            List<String> jvmOptions,
            Map<String, String> settings)
            throws InterruptedException {
        List<String> arguments = new ArrayList<>(JVM_OPTIONS);
        arguments.add("-Djava.io.tmpdir=" + directory);
        arguments.addAll(jvmOptions);
        arguments.add("-cp");
        arguments.add(codeOf(main) + File.pathSeparator + ServerJars.of(jars).resolve("*"));
        arguments.add(main.getName());
        arguments.add(write(directory.resolve("server.properties"), settings).toString());
        this.process =
                Command.of(sandbox, Path.of(System.getProperty("java.home"), "bin", "java"))
                        .args(arguments.toArray(String[]::new))
                        .startWithInput(directory.getFileName().toString());
        try {
            this.ready = answer(Answers.READY, START_DEADLINE);
        } catch (InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns a new directory for a server. Its name is that of the server, made unique. */
    static Path newDirectory(Sandbox sandbox, String name) {
        try {
            return Files.createTempDirectory(sandbox.directory("servers"), name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot create a directory for %s in %s.".formatted(name, sandbox), e);
        }
    }

    private static Path codeOf(Class<?> main) {
        try {
            return Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Where is " + main + "?", e);
        }
    }

    private static Path write(Path file, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the settings of a server.", e);
        }
    }

    /** Returns the text at that place of what the server said when it was ready. */
    final String ready(int index) {
        return ready.get(index);
    }

    /** Returns what the server answers to a request. */
    final synchronized List<String> ask(String operation, String... arguments)
            throws InterruptedException {
        if (suspension != null) {
            throw new IllegalStateException(
                    "%s is suspended and cannot answer '%s'; resume it first."
                            .formatted(process, operation));
        }
        lastRequest++;
        List<String> request = new ArrayList<>();
        request.add(Integer.toString(lastRequest));
        request.add(operation);
        request.addAll(List.of(arguments));
        process.send(Words.encode(request));
        return answer(lastRequest, ANSWER_DEADLINE);
    }

    private List<String> answer(int number, Duration deadline) throws InterruptedException {
        MatchResult answer =
                process.awaitOutput(
                        Pattern.compile(
                                "%s %d (%s|%s)(.*)\\n"
                                        .formatted(
                                                Answers.MARK, number, Answers.OK, Answers.FAILED)),
                        deadline);
        List<String> texts = Words.decode(answer.group(2));
        if (answer.group(1).equals(Answers.FAILED)) {
            throw new IllegalStateException(
                    "%s failed to do what it was asked to: %s"
                            .formatted(process, String.join(" ", texts)));
        }
        return texts;
    }

    public final long pid() {
        return process.pid();
    }

    public final boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the warnings that it has logged, and whatever else it wrote. */
    public final String output() {
        return process.output();
    }

    /**
     * Lets it stand still (SIGSTOP): connections are accepted, by the kernel, and nothing is ever
     * answered. Idempotent.
     */
    public final synchronized void suspend() throws InterruptedException {
        if (suspension == null) {
            suspension = Suspension.of(process.pid());
        }
    }

    /** Lets it go on (SIGCONT). Idempotent. */
    public final synchronized void resume() {
        if (suspension != null) {
            suspension.close();
            suspension = null;
        }
    }

    /** Sends SIGKILL; returns when it is gone. Connections to it are then refused. Idempotent. */
    public final synchronized void kill() throws InterruptedException {
        process.kill();
        resume();
    }

    /** Ends it as {@link #kill} does: nobody needs what an orderly end would write. Idempotent. */
    @Override
    public final void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.close();
        }
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
