package io.sluice.state.adaptive.pressure;

import java.util.Arrays;

/** How much of the last 10 s was spent in pauses. Immutable, in buckets of one second. */
final class PauseWindow {

    static final PauseWindow EMPTY = new PauseWindow(new long[10], Long.MIN_VALUE / 2);

    private static final long BUCKET_NANOS = 1_000_000_000L;

    /** Pause nanos per second; the slot of a second is its number modulo the length. */
    private final long[] pauseNanos;

    /** Number of the newest second that has a bucket. */
    private final long newest;

    private PauseWindow(long[] pauseNanos, long newest) {
        this.pauseNanos = pauseNanos;
        this.newest = newest;
    }

    /** Returns this with a pause. Pauses may come in any order; what is too old changes nothing. */
    PauseWindow with(long startNanos, long durationNanos) {
        long[] buckets = pauseNanos.clone();
        long endNanos = startNanos + durationNanos;
        long last = Math.floorDiv(endNanos, BUCKET_NANOS);
        long newestNow = Math.max(newest, last);
        if (newestNow - newest >= buckets.length) {
            Arrays.fill(buckets, 0);
        } else {
            for (long second = newest + 1; second <= newestNow; second++) {
                buckets[slot(second)] = 0;
            }
        }
        long first =
                Math.max(Math.floorDiv(startNanos, BUCKET_NANOS), newestNow - buckets.length + 1);
        for (long second = first; second <= last; second++) {
            long from = Math.max(startNanos, second * BUCKET_NANOS);
            long to = Math.min(endNanos, (second + 1) * BUCKET_NANOS);
            buckets[slot(second)] += to - from;
        }
        return new PauseWindow(buckets, newestNow);
    }

    /** Returns the share of the last 10 s, in [0, 1]. */
    double shareAt(long nowNanos) {
        long now = Math.floorDiv(nowNanos, BUCKET_NANOS);
        long sum = 0;
        for (long second = Math.max(now - pauseNanos.length + 1, newest - pauseNanos.length + 1);
                second <= newest;
                second++) {
            sum += pauseNanos[slot(second)];
        }
        return Math.min(1.0, (double) sum / (pauseNanos.length * BUCKET_NANOS));
    }

    private int slot(long second) {
        return (int) Math.floorMod(second, (long) pauseNanos.length);
    }
}
