package io.sluice.state.adaptive.placement;

import java.time.Duration;

/**
 * When to move key groups, and how far. Marks are shares of the maximum heap size.
 *
 * @param highMark above it on two collections in a row, key groups go to disk
 * @param panicMark above it once, key groups go to disk at a higher pace
 * @param targetMark moves to disk stop here; moves back to heap stop clearly below
 * @param lowMark below it for {@code loadBackAfter}, key groups come back
 * @param maxCollectionTimeShare share of the time that collections may take
 * @param loadBackAfter how long the heap must have been below the low mark; grows while moves back
 *     prove wrong
 * @param groupCoolDown how long a moved group is not moved back, except in panic
 */
public record PolicySettings(
        double highMark,
        double panicMark,
        double targetMark,
        double lowMark,
        double maxCollectionTimeShare,
        Duration loadBackAfter,
        Duration groupCoolDown) {

    public PolicySettings {
        if (!(0 < lowMark
                && lowMark < targetMark
                && targetMark < highMark
                && highMark < panicMark
                && panicMark <= 1)) {
            throw new IllegalArgumentException(
                    "lowMark=%s, targetMark=%s, highMark=%s, panicMark=%s: must rise, in (0, 1]"
                            .formatted(lowMark, targetMark, highMark, panicMark));
        }
        if (!(maxCollectionTimeShare > 0 && maxCollectionTimeShare <= 1)) {
            throw new IllegalArgumentException(
                    "maxCollectionTimeShare=%s: must be in (0, 1]"
                            .formatted(maxCollectionTimeShare));
        }
        if (loadBackAfter.isNegative() || groupCoolDown.isNegative()) {
            throw new IllegalArgumentException(
                    "loadBackAfter=%s, groupCoolDown=%s: none may be negative"
                            .formatted(loadBackAfter, groupCoolDown));
        }
    }

    public static PolicySettings defaults() {
        return new PolicySettings(
                0.75, 0.90, 0.60, 0.45, 0.10, Duration.ofSeconds(60), Duration.ofSeconds(60));
    }

    /** Sets all marks at once, because each must fit the others. */
    public PolicySettings withMarks(double low, double target, double high, double panic) {
        return new PolicySettings(
                high, panic, target, low, maxCollectionTimeShare, loadBackAfter, groupCoolDown);
    }

    public PolicySettings withMaxCollectionTimeShare(double share) {
        return new PolicySettings(
                highMark, panicMark, targetMark, lowMark, share, loadBackAfter, groupCoolDown);
    }

    public PolicySettings withLoadBackAfter(Duration duration) {
        return new PolicySettings(
                highMark,
                panicMark,
                targetMark,
                lowMark,
                maxCollectionTimeShare,
                duration,
                groupCoolDown);
    }

    public PolicySettings withGroupCoolDown(Duration duration) {
        return new PolicySettings(
                highMark,
                panicMark,
                targetMark,
                lowMark,
                maxCollectionTimeShare,
                loadBackAfter,
                duration);
    }
}
