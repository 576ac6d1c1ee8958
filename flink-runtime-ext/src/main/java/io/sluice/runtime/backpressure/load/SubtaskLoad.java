package io.sluice.runtime.backpressure.load;

/**
 * What a subtask did in a period, in shares of the period.
 *
 * @param vertex hexadecimal
 * @param soft waited for buffers between two records
 * @param hard waited for buffers within a record, where not even a checkpoint barrier gets through
 * @param idle waited for input
 * @param cpu its thread ran on a processor; NaN if that is not known
 * @param recordsIn that it received
 * @param process that it ran in
 */
public record SubtaskLoad(
        String vertex,
        int subtask,
        int attempt,
        double soft,
        double hard,
        double idle,
        double cpu,
        long recordsIn,
        ProcessLoad process) {

    /** Returns the share of the period in which it was held back by those it sends to. */
    public double backpressured() {
        return Math.min(1, soft + hard);
    }

    /** Returns the share in which it did neither wait for buffers nor for input. */
    public double busy() {
        return Math.max(0, 1 - soft - hard - idle);
    }
}
