package io.sluice.runtime.backpressure.load;

/**
 * What one output of a subtask did in a period; known only where edges are tracked.
 *
 * @param vertex of the subtask, hexadecimal
 * @param dataSet that it produces into, hexadecimal
 * @param poolUsage mean share of the output's buffers that were in use, in [0, 1]
 * @param blocked share of the period for which this output held the subtask back, in [0, 1]
 */
public record OutputLoad(
        String vertex, int subtask, String dataSet, double poolUsage, double blocked) {}
