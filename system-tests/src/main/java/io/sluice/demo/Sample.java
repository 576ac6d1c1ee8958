package io.sluice.demo;

/**
 * What the REST API said at one instant.
 *
 * @param atMillis wall clock
 * @param live whether the numbers are of a running attempt, not left over from a killed one
 * @param records that the ledger has taken in this attempt
 * @param recordsPerSecond over the last two seconds
 * @param bytesOnDisk what the state on disk would take on heap; estimated, as {@code bytesOnHeap}
 * @param longestPauseMillis see {@code LongestPause} of the example job
 * @param heapUsedBytes of the TaskManager's JVM; garbage included
 */
record Sample(
        long atMillis,
        boolean live,
        long records,
        double recordsPerSecond,
        int groupsOnHeap,
        int groupsOnDisk,
        int groupsMoving,
        long bytesOnHeap,
        long bytesOnDisk,
        long longestPauseMillis,
        long heapUsedBytes,
        long heapMaxBytes,
        long checkpoints) {

    int groups() {
        return groupsOnHeap + groupsOnDisk + groupsMoving;
    }

    /** Returns the share of the state that is on disk, in [0, 1]. */
    double diskShare() {
        long bytes = bytesOnHeap + bytesOnDisk;
        return bytes == 0 ? 0 : (double) bytesOnDisk / bytes;
    }

    long stateBytes() {
        return bytesOnHeap + bytesOnDisk;
    }
}
