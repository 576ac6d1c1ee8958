package io.sluice.examples.nexmark;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Says when the next event of one reader is due, so that it keeps a rate on average.
 *
 * <p>A reader that was held up, by back pressure or a long pause, catches up on at most one second.
 * The task thread owns it.
 */
final class Pace {

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_BEHIND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** One timer for many events: above this rate a timer per event would cost more than them. */
    private static final long SHORTEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final double nanosPerEvent;
    private final LongSupplier nanoClock;

    private long startNanos;
    private long events;

    /**
     * @param eventsPerSecond 0 is unlimited
     */
    Pace(double eventsPerSecond, LongSupplier nanoClock) {
        this.nanosPerEvent = eventsPerSecond == 0 ? 0 : NANOS_PER_SECOND / eventsPerSecond;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
    }

    /** Returns 0 and counts one event if one is due, else the nanoseconds to wait. */
    long take() {
        if (nanosPerEvent == 0) {
            return 0;
        }
        long elapsedNanos = nanoClock.getAsLong() - startNanos;
        long dueNanos = (long) (events * nanosPerEvent);
        if (elapsedNanos < dueNanos) {
            return Math.max(dueNanos - elapsedNanos, SHORTEST_WAIT_NANOS);
        }
        startNanos += Math.max(0, elapsedNanos - dueNanos - MOST_BEHIND_NANOS);
        events++;
        return 0;
    }
}
