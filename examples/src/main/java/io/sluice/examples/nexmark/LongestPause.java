package io.sluice.examples.nexmark;

import org.apache.flink.metrics.Gauge;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The longest time that passed between two consecutive records of a subtask, in milliseconds, among
 * the pauses of the last two seconds or so; the one that still goes on counts.
 *
 * <p>Whatever holds records up is in it: collections of the JVM, moves of state, checkpoints, back
 * pressure, and a source that has nothing to send. Who asks at least once a second misses none.
 *
 * <p><b>Threads.</b> The task calls {@link #record}, anybody {@link #getValue}.
 */
final class LongestPause implements Gauge<Long> {

    private static final long BUCKET_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoClock;

    // Written by the task thread only.
    private volatile long lastNanos;
    private volatile Bucket bucket;

    /** From the first record to the end of the stream: what is before or after is no pause. */
    private volatile boolean goesOn;

    /**
     * The pauses of about a second.
     *
     * @param longestNanos of those that ended since {@code startNanos}
     * @param beforeNanos the longest of the bucket before, 0 if there was none just before
     */
    private record Bucket(long startNanos, long longestNanos, long beforeNanos) {}

    LongestPause(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.lastNanos = nanoClock.getAsLong();
        this.bucket = new Bucket(lastNanos, 0, 0);
    }

    /** To be called at every record. */
    void record() {
        long now = nanoClock.getAsLong();
        long pause = goesOn ? now - lastNanos : 0;
        Bucket current = bucket;
        if (now - current.startNanos() >= BUCKET_NANOS) {
            bucket = new Bucket(now, pause, current.longestNanos());
        } else if (pause > current.longestNanos()) {
            bucket = new Bucket(current.startNanos(), pause, current.beforeNanos());
        }
        lastNanos = now;
        goesOn = true;
    }

    /** To be called when no record is to come. */
    void end() {
        goesOn = false;
    }

    @Override
    public Long getValue() {
        Bucket current = bucket;
        long goingOnNanos = goesOn ? nanoClock.getAsLong() - lastNanos : 0;
        long longest = Math.max(current.longestNanos(), current.beforeNanos());
        return TimeUnit.NANOSECONDS.toMillis(Math.max(goingOnNanos, longest));
    }
}
