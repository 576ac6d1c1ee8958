package io.sluice.state.adaptive.store;

/**
 * How much of a move may be done before the operator gets its thread back: a deadline and a number
 * of rows. Counts what was done. Owned by the task thread.
 */
final class Slice {

    /** How much is moved between two looks at the clock. */
    private static final int UNCHECKED_BYTES = 2048;

    /** What a row takes beside its bytes. */
    private static final int ROW_OVERHEAD_BYTES = 64;

    private final long deadlineNanos;
    private final int maxRows;

    private int steps;
    private int rows;
    private long bytes;
    private long uncheckedBytes;
    private boolean late;

    /**
     * @param deadlineNanos in the time of {@link System#nanoTime()}
     * @param maxRows at least one
     */
    Slice(long deadlineNanos, int maxRows) {
        this.deadlineNanos = deadlineNanos;
        this.maxRows = maxRows;
    }

    void moved(int rowBytes) {
        rows++;
        bytes += rowBytes;
        prepared(rowBytes);
    }

    /** Counts work on a row that is not moved yet. */
    void prepared(int rowBytes) {
        steps++;
        uncheckedBytes += rowBytes + ROW_OVERHEAD_BYTES;
    }

    /** Counts work that came to nothing but will not be done again. */
    void looked() {
        uncheckedBytes += UNCHECKED_BYTES;
    }

    /** Whether to stop; a slice always does something, so that a move gets on. */
    boolean isSpent() {
        if (uncheckedBytes >= UNCHECKED_BYTES) {
            uncheckedBytes = 0;
            late = System.nanoTime() - deadlineNanos >= 0;
        }
        return late || steps >= maxRows;
    }

    int maxRows() {
        return maxRows;
    }

    int rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }
}
