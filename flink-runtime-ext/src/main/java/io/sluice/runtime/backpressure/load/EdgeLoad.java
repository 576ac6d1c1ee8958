package io.sluice.runtime.backpressure.load;

/**
 * What a subtask's output to one vertex did in a period; known only where edges are tracked.
 *
 * @param source vertex of the producing subtask, hexadecimal
 * @param target vertex that gets the records, hexadecimal
 * @param subtask that produces
 * @param poolUsage share of the output's buffers that were in use, in [0, 1]
 * @param blocked share of the period for which this output held the subtask back, in [0, 1]
 */
public record EdgeLoad(
        String source, String target, int subtask, double poolUsage, double blocked) {}
