package io.sluice.state.adaptive.placement;

import org.jspecify.annotations.Nullable;

/**
 * What one decision tells the next. Opaque to callers: start with {@link #initial()} and pass on
 * what {@link Decision#memory()} holds. Losing it is safe; moves then wait a little longer.
 *
 * @param transit moves decided or seen, and the bytes they have freed or brought
 * @param collectionsAboveHigh consecutive collections that left the heap above the high mark
 * @param belowLowSinceNanos since when the heap has been below the low mark, null if it is not
 * @param partialReliefNanos when state, being too small to help, was last moved in proportion
 * @param moveBacks what is known about how well moves back to heap went
 */
public record DecisionMemory(
        Transit transit,
        int collectionsAboveHigh,
        @Nullable Long belowLowSinceNanos,
        @Nullable Long partialReliefNanos,
        MoveBacks moveBacks) {

    public DecisionMemory {
        if (collectionsAboveHigh < 0) {
            throw new IllegalArgumentException(
                    "collectionsAboveHigh=%d: must not be negative"
                            .formatted(collectionsAboveHigh));
        }
    }

    /** Returns the memory of a process that has not decided anything yet. */
    public static DecisionMemory initial() {
        return new DecisionMemory(Transit.NOTHING, 0, null, null, MoveBacks.NONE);
    }
}
