package io.sluice.state.adaptive.placement;

/**
 * What the collector says about the heap of this process.
 *
 * @param maxBytes the most that the heap may hold
 * @param usedAfterCollectionBytes use after the last collection of any kind: live data, and garbage
 *     that this collection did not look for; 0 before the first
 * @param liveBytes use after the last collection that collected the old generation, -1 if there was
 *     none; an upper bound of the live data of that moment
 * @param liveAtNanos when that collection started, on the clock of {@link
 *     PlacementSnapshot#nowNanos()}; without meaning while {@code liveBytes} is -1
 * @param collections how many collections have given a use after collection so far
 * @param collectionTimeShare share of the last 10 s or so that the process stood still for
 *     collections, in [0, 1]
 */
public record HeapReading(
        long maxBytes,
        long usedAfterCollectionBytes,
        long liveBytes,
        long liveAtNanos,
        long collections,
        double collectionTimeShare) {

    public HeapReading {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("maxBytes=%d: must be positive".formatted(maxBytes));
        }
        if (usedAfterCollectionBytes < 0 || collections < 0) {
            throw new IllegalArgumentException(
                    "usedAfterCollectionBytes=%d, collections=%d: none may be negative"
                            .formatted(usedAfterCollectionBytes, collections));
        }
        if (liveBytes < -1) {
            throw new IllegalArgumentException(
                    "liveBytes=%d: must be -1 or not negative".formatted(liveBytes));
        }
        if (!(collectionTimeShare >= 0 && collectionTimeShare <= 1)) {
            throw new IllegalArgumentException(
                    "collectionTimeShare=%s: must be in [0, 1]".formatted(collectionTimeShare));
        }
    }

    /** Returns whether the old generation has been collected at least once. */
    public boolean hasLive() {
        return liveBytes >= 0;
    }
}
