package io.sluice.demo;

import java.io.PrintStream;
import java.time.Duration;

/**
 * Tells what is going on: one line that is written over on a terminal, a line per step elsewhere.
 * Not thread-safe.
 */
final class ProgressLine {

    private final PrintStream out;
    private final boolean isTerminal;
    private final long startNanos = System.nanoTime();

    private String step = "";

    ProgressLine(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** Begins the next step. */
    void step(String newStep) {
        step = newStep;
        if (isTerminal) {
            update("");
        } else {
            out.printf("%6.1f s  %s%n", seconds(), step);
        }
    }

    /** Shows how far the step is; only on a terminal. */
    void update(String detail) {
        if (isTerminal) {
            out.printf("\r\033[K%6.1f s  %s%s", seconds(), step, detail);
            out.flush();
        }
    }

    /** Removes the line. */
    void clear() {
        if (isTerminal) {
            out.print("\r\033[K");
            out.flush();
        }
    }

    private double seconds() {
        return Duration.ofNanos(System.nanoTime() - startNanos).toMillis() / 1000.0;
    }
}
