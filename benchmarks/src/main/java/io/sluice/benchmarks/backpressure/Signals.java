package io.sluice.benchmarks.backpressure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Stops some processes and lets them go on, within microseconds: a shell that runs all the time
 * sends the signals.
 *
 * <p><b>Failures.</b> If this JVM ends in whatever way, the shell sees the end of its input: it
 * then lets the processes go on and asks them to end. Not thread-safe; nothing here can be
 * interrupted, as what is stopped must be let go on even so.
 */
final class Signals implements AutoCloseable {

    private static final String SCRIPT =
            """
            trap '' HUP INT TERM
            while read -r signal; do
              [ "$signal" != end ] || exit 0
              kill "-$signal" "$@" && echo sent || echo failed
            done
            kill -CONT "$@"
            kill -TERM "$@"
            """;

    private final List<Long> pids;
    private final Process shell;
    private final Writer toShell;
    private final BufferedReader fromShell;

    /** Starts the shell. */
    Signals(long... pids) {
        this.pids = LongStream.of(pids).boxed().toList();
        List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT, "signals"));
        this.pids.forEach(pid -> command.add(pid.toString()));
        try {
            this.shell =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a shell to send signals.", e);
        }
        this.toShell = shell.outputWriter();
        this.fromShell = shell.inputReader();
    }

    /**
     * Stops all.
     *
     * @throws IllegalStateException if one of them has ended
     */
    void suspend() {
        send("STOP");
    }

    /**
     * Lets all go on.
     *
     * @throws IllegalStateException if one of them has ended
     */
    void resume() {
        send("CONT");
    }

    private void send(String signal) {
        try {
            toShell.write(signal + "\n");
            toShell.flush();
            if (!"sent".equals(fromShell.readLine())) {
                throw new IllegalStateException(
                        "Cannot send SIG%s to the processes %s: one of them has ended."
                                .formatted(signal, pids));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The shell that sends signals to the processes %s has ended.".formatted(pids),
                    e);
        }
    }

    /** Lets all that still run go on, and ends the shell. */
    @Override
    public void close() {
        try {
            resume();
            toShell.write("end\n");
            toShell.close();
        } catch (IllegalStateException | IOException | UncheckedIOException e) {
            // One has ended: the others go on all the same.
            shell.destroyForcibly();
        }
        shell.onExit().join();
    }
}
