package io.sluice.runtime.backpressure.load;

import java.util.List;
import java.util.Map;

/**
 * What a TaskManager did in a period.
 *
 * @param endMillis of the period, since 1970: a multiple of its length, so that those of several
 *     TaskManagers are the same as far as their clocks agree
 * @param periodMillis its length as configured; shares are of the time that was measured
 * @param jobs by id, hexadecimal
 */
public record PeriodLoad(
        long endMillis, long periodMillis, ProcessLoad process, Map<String, JobPart> jobs) {

    /**
     * What it did for one job.
     *
     * @param outputs none where edges are not tracked
     * @param inputs who consumes what, in this TaskManager; none where edges are not tracked
     */
    public record JobPart(
            List<SubtaskLoad> subtasks, List<OutputLoad> outputs, List<Input> inputs) {

        public JobPart {
            subtasks = List.copyOf(subtasks);
            outputs = List.copyOf(outputs);
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * A vertex that consumes a data set.
     *
     * @param dataSet hexadecimal
     * @param vertex hexadecimal
     */
    public record Input(String dataSet, String vertex) {}

    public PeriodLoad {
        jobs = Map.copyOf(jobs);
    }
}
