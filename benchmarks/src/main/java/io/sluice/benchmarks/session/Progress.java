package io.sluice.benchmarks.session;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells after each step of a benchmark how far it is and how long the rest takes, if that goes as
 * the steps before. Not thread-safe.
 */
public final class Progress {

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final int steps;
    private final long startNanos;

    private int done;

    /**
     * Starts the clock.
     *
     * @param steps of about the same length
     * @param nanoTime a clock that never goes back, in nanoseconds from any origin
     */
    public Progress(PrintStream out, LongSupplier nanoTime, int steps) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.steps = steps;
        this.startNanos = nanoTime.getAsLong();
    }

    /** One more step is done. */
    public void step(String what) {
        done++;
        Duration elapsed = Duration.ofNanos(nanoTime.getAsLong() - startNanos);
        Duration left = elapsed.multipliedBy(steps - done).dividedBy(done);
        out.printf("[%d/%d] %s%s%n", done, steps, what, done == steps ? "" : "; " + left(left));
    }

    private static String left(Duration left) {
        long seconds = (left.toMillis() + 500) / 1000;
        return seconds < 60
                ? "%d s left".formatted(seconds)
                : "%d min %d s left".formatted(seconds / 60, seconds % 60);
    }
}
