package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.LinuxProcess;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A process stands still until this is closed, or until this JVM ends, in whatever way: a shell,
 * which then sees the end of its input, lets it go on.
 */
final class Suspension implements AutoCloseable {

    private static final String SCRIPT =
            """
            trap '' HUP INT TERM
            kill -STOP "$1" || exit 1
            echo sent
            read -r end
            kill -CONT "$1"
            """;

    private static final Await POLLING = Await.every(Duration.ofMillis(2));
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Process shell;

    private Suspension(Process shell) {
        this.shell = shell;
    }

    /**
     * Returns when the process stands still.
     *
     * @throws IllegalStateException if it has ended
     */
    static Suspension of(long pid) throws InterruptedException {
        Suspension suspension = new Suspension(startShell(pid));
        try {
            suspension.awaitSignal(pid);
            POLLING.until(
                    "a standstill of pid " + pid, DEADLINE, new LinuxProcess(pid)::isSuspended);
            return suspension;
        } catch (InterruptedException | RuntimeException e) {
            suspension.close();
            throw e;
        }
    }

    private static Process startShell(long pid) {
        try {
            return new ProcessBuilder("sh", "-c", SCRIPT, "suspension", Long.toString(pid))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a shell to suspend pid " + pid + ".", e);
        }
    }

    private void awaitSignal(long pid) {
        try {
            // The reader needs no end: the shell's output ends with the shell.
            BufferedReader answer = shell.inputReader(StandardCharsets.UTF_8);
            if (!"sent".equals(answer.readLine())) {
                throw new IllegalStateException(
                        "Cannot suspend pid %d: it has ended.".formatted(pid));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The shell that suspends pid " + pid + " ended.", e);
        }
    }

    /** Lets the process go on, if it still runs. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            // The shell has ended, and with it the suspension.
        }
        shell.onExit().join();
    }
}
