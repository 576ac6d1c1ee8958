package io.sluice.runtime.backpressure.load;

import io.sluice.runtime.backpressure.load.PeriodLoad.JobPart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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

    /**
     * Puts together what TaskManagers did for a job in a period. Of several attempts of a subtask
     * the last one counts.
     *
     * @param period of each TaskManager, the same one
     */
    public static JobLoad of(JobTopology topology, Collection<PeriodLoad> period) {
        List<JobPart> parts =
                period.stream()
                        .map(load -> load.jobs().get(topology.job()))
                        .filter(Objects::nonNull)
                        .toList();
        Map<String, SubtaskLoad> subtasks = new LinkedHashMap<>();
        for (JobPart part : parts) {
            for (SubtaskLoad subtask : part.subtasks()) {
                subtasks.merge(
                        subtask.vertex() + '/' + subtask.subtask(),
                        subtask,
                        (one, other) -> one.attempt() > other.attempt() ? one : other);
            }
        }
        return new JobLoad(
                topology,
                period.stream().mapToLong(PeriodLoad::endMillis).max().orElse(0),
                period.stream().mapToLong(PeriodLoad::periodMillis).max().orElse(0),
                List.copyOf(subtasks.values()),
                edges(parts));
    }

    private static List<EdgeLoad> edges(List<JobPart> parts) {
        Map<String, Set<String>> consumers = new HashMap<>();
        for (JobPart part : parts) {
            for (PeriodLoad.Input input : part.inputs()) {
                consumers
                        .computeIfAbsent(input.dataSet(), any -> new LinkedHashSet<>())
                        .add(input.vertex());
            }
        }
        List<EdgeLoad> edges = new ArrayList<>();
        for (JobPart part : parts) {
            for (OutputLoad output : part.outputs()) {
                for (String consumer : consumers.getOrDefault(output.dataSet(), Set.of())) {
                    edges.add(
                            new EdgeLoad(
                                    output.vertex(),
                                    consumer,
                                    output.subtask(),
                                    output.poolUsage(),
                                    output.blocked()));
                }
            }
        }
        return edges;
    }

    /** Returns what the subtasks of one vertex did. */
    public List<SubtaskLoad> of(String vertex) {
        return subtasks.stream().filter(load -> load.vertex().equals(vertex)).toList();
    }
}
