package io.sluice.state.adaptive.placement;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * How well moves back to heap went. A regret is a relief of the heap soon after key groups came
 * back: the marks allow them, this heap does not. Each regret doubles the wait for the next move
 * back and lowers the level up to which the heap is filled, so a constant load comes to rest. One
 * regret is forgotten per {@link #FORGET_AFTER} without relief, so a changed load gets a new try.
 *
 * @param regrets at the last relief
 */
record MoveBacks(@Nullable Long reliefNanos, @Nullable Long moveBackNanos, int regrets) {

    static final MoveBacks NONE = new MoveBacks(null, null, 0);
    static final Duration FORGET_AFTER = Duration.ofHours(1);

    /** Then the caution leaves no room below any sensible target. */
    private static final int MAX_REGRETS = 4;

    int regretsAt(long nowNanos) {
        if (reliefNanos == null) {
            return regrets;
        }
        long forgotten = (nowNanos - reliefNanos) / FORGET_AFTER.toNanos();
        return (int) Math.max(0, regrets - forgotten);
    }

    /** Returns 1, 2, 4, 8 or 16: by how much to be more careful than the settings say. */
    int caution(long nowNanos) {
        return 1 << regretsAt(nowNanos);
    }

    MoveBacks movedBack(long nowNanos) {
        return new MoveBacks(reliefNanos, nowNanos, regrets);
    }

    MoveBacks relieved(long nowNanos) {
        boolean regret = moveBackNanos != null && nowNanos - moveBackNanos < FORGET_AFTER.toNanos();
        int now = Math.min(MAX_REGRETS, regretsAt(nowNanos) + (regret ? 1 : 0));
        return new MoveBacks(nowNanos, null, now);
    }
}
