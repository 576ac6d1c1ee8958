package io.sluice.state.adaptive.store;

import java.io.Serializable;
import java.time.Duration;

/**
 * How fast moves run.
 *
 * @param slice how long a task works on moves before it goes on with records
 * @param share of its time that a task gives to moves, in (0, 1]
 */
public record MoveSettings(Duration slice, double share) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Checks both. */
    public MoveSettings {
        if (slice.isNegative() || slice.isZero()) {
            throw new IllegalArgumentException("slice is " + slice + "; it must be positive");
        }
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share is " + share + "; it must be in (0, 1]");
        }
    }
}
