package io.sluice.state.adaptive.store;

/**
 * How much of a move may be done before the operator gets its thread back: a deadline and a number
 * of rows. Counts what was done. Owned by the task thread.
 */
final class Slice {

    private final long deadlineNanos;
    private final int maxRows;

    private int rows;
    private long bytes;

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
    }

    /** Whether to stop; there is always one row in a slice, so that a move gets on. */
    boolean isSpent() {
        return rows >= maxRows || (rows > 0 && System.nanoTime() - deadlineNanos >= 0);
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
