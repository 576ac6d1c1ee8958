package io.sluice.runtime.backpressure.load;

import java.util.List;

/**
 * What the subtasks of a job did in a period, as far as they have reported.
 *
 * @param endMillis of the period, since 1970
 * @param periodMillis how long it was
 * @param edges none where edges are not tracked
 */
public record JobLoad(
        JobTopology topology,
        long endMillis,
        long periodMillis,
        List<SubtaskLoad> subtasks,
        List<EdgeLoad> edges) {

    public JobLoad {
        subtasks = List.copyOf(subtasks);
        edges = List.copyOf(edges);
    }

    /** Returns what the subtasks of one vertex did. */
    public List<SubtaskLoad> of(String vertex) {
        return subtasks.stream().filter(load -> load.vertex().equals(vertex)).toList();
    }
}
