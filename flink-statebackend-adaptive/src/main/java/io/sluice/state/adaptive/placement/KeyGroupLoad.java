package io.sluice.state.adaptive.placement;

/**
 * Where one key group is, how large it is and how much it is used.
 *
 * @param keyGroup index in {@code [0, maxParallelism)}
 * @param tier where the group lives, or where it is moving to
 * @param motion whether all of it is in {@code tier} already
 * @param heapEntries number of entries on heap
 * @param heapBytes their estimated footprint, overhead included
 * @param diskEntries number of entries on disk
 * @param diskBytes the estimated footprint that they would have on heap
 * @param accessesPerSecond reads and writes of late
 * @param pinned decisions leave it alone: placed by request, or its last move failed
 */
public record KeyGroupLoad(
        int keyGroup,
        Tier tier,
        Motion motion,
        long heapEntries,
        long heapBytes,
        long diskEntries,
        long diskBytes,
        double accessesPerSecond,
        boolean pinned) {

    /** Whether all of it is in {@code target} already. */
    public boolean isAllIn(Tier target) {
        return tier == target && motion == Motion.AT_REST;
    }

    boolean isMoving() {
        return motion == Motion.MOVING;
    }

    public KeyGroupLoad {
        if (keyGroup < 0 || heapEntries < 0 || heapBytes < 0 || diskEntries < 0 || diskBytes < 0) {
            throw new IllegalArgumentException(
                    "keyGroup=%d, heapEntries=%d, heapBytes=%d, diskEntries=%d, diskBytes=%d: none may be negative"
                            .formatted(keyGroup, heapEntries, heapBytes, diskEntries, diskBytes));
        }
        if (!(accessesPerSecond >= 0 && accessesPerSecond < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "accessesPerSecond=%s: must be finite and not negative"
                            .formatted(accessesPerSecond));
        }
    }
}
