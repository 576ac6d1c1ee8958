package io.sluice.runtime.backpressure.cause;

import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.SubtaskLoad;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What the subtasks of one vertex did, as far as they have reported.
 *
 * @param source it has no producers
 * @param subtasks at least one, the last attempt of each, by index
 */
record VertexLoad(JobTopology.Vertex vertex, boolean source, List<SubtaskLoad> subtasks) {

    /** From here on a subtask is held back. */
    static final double HELD_BACK = 0.1;

    /** From here on a vertex may be the limit, if it waits for nobody. */
    static final double AT_ITS_LIMIT = 0.5;

    /** A subtask that is busy for this share of what the busiest one is takes part in its doing. */
    private static final double AS_BUSY = 0.75;

    VertexLoad {
        subtasks = List.copyOf(subtasks);
    }

    /** Returns the vertices of which at least one subtask has reported, producers first. */
    static Map<String, VertexLoad> of(JobLoad load) {
        Map<String, Map<Integer, SubtaskLoad>> reported = new HashMap<>();
        for (SubtaskLoad subtask : load.subtasks()) {
            reported.computeIfAbsent(subtask.vertex(), vertex -> new TreeMap<>())
                    .merge(
                            subtask.subtask(),
                            subtask,
                            (one, other) -> one.attempt() > other.attempt() ? one : other);
        }
        Set<String> consumers = new HashSet<>();
        load.topology().edges().forEach(edge -> consumers.add(edge.target()));
        Map<String, VertexLoad> vertices = new LinkedHashMap<>();
        for (JobTopology.Vertex vertex : load.topology().vertices()) {
            Map<Integer, SubtaskLoad> subtasks = reported.get(vertex.id());
            if (subtasks != null) {
                vertices.put(
                        vertex.id(),
                        new VertexLoad(
                                vertex,
                                !consumers.contains(vertex.id()),
                                List.copyOf(subtasks.values())));
            }
        }
        return vertices;
    }

    String id() {
        return vertex.id();
    }

    /** Returns the busy share of the busiest subtask. */
    double busy() {
        return greatest(SubtaskLoad::busy);
    }

    /** Returns for how much of the period the subtask that is held back most was. */
    double backpressured() {
        return greatest(SubtaskLoad::backpressured);
    }

    boolean heldBack() {
        return backpressured() >= HELD_BACK;
    }

    /**
     * Returns for how much of the period the subtask that waits for input least had some. What
     * holds others back has about all the time.
     */
    double demand() {
        return greatest(subtask -> 1 - subtask.idle());
    }

    /** Returns the share of the time held back that passed within records. */
    double hardShare() {
        double backpressured = sum(SubtaskLoad::backpressured);
        return backpressured == 0 ? 0 : sum(SubtaskLoad::hard) / backpressured;
    }

    long recordsIn() {
        return subtasks.stream().mapToLong(SubtaskLoad::recordsIn).sum();
    }

    /** Returns the subtasks that are about as busy as the busiest one. */
    List<SubtaskLoad> guilty() {
        double least = AS_BUSY * busy();
        return subtasks.stream().filter(subtask -> subtask.busy() >= least).toList();
    }

    /**
     * Tells whether the busy subtasks wait for somebody themselves. The others do not count: those
     * of a skewed vertex may do as they like.
     */
    boolean guiltyHeldBack() {
        return mean(guilty(), SubtaskLoad::backpressured) >= HELD_BACK;
    }

    /** Tells whether it is busy, and does not wait for anybody itself. */
    boolean isAtItsLimit() {
        return busy() >= AT_ITS_LIMIT && !guiltyHeldBack();
    }

    private double greatest(ToDoubleFunction<SubtaskLoad> share) {
        return Math.min(1, subtasks.stream().mapToDouble(share).max().orElse(0));
    }

    private double sum(ToDoubleFunction<SubtaskLoad> share) {
        return subtasks.stream().mapToDouble(share).sum();
    }

    static double mean(Collection<SubtaskLoad> subtasks, ToDoubleFunction<SubtaskLoad> share) {
        return subtasks.stream().mapToDouble(share).average().orElse(0);
    }
}
