package io.sluice.runtime.backpressure.history;

import io.sluice.runtime.backpressure.cause.Cause;
import io.sluice.runtime.backpressure.cause.Diagnosis;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology.Vertex;
import io.sluice.runtime.backpressure.load.SubtaskLoad;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the vertices of a job did in one period, kept small: a few bytes a vertex. Immutable.
 *
 * <p>Shares are kept to a ten-thousandth.
 */
final class PeriodRow {

    static final int BACKPRESSURED = 0;
    static final int BACKPRESSURED_MAX = 1;
    static final int HARD = 2;
    static final int BUSY_MAX = 3;
    private static final int CAUSE = 4;
    private static final int KIND = 5;

    /** Numbers that are kept of each vertex. */
    static final int COLUMNS = 6;

    private static final short NONE = -1;
    private static final double UNIT = 10_000;

    /** About what a row takes of the heap beside its numbers. */
    private static final int OVERHEAD_BYTES = 96;

    /** Positions here are what is written: new ones go to the end. */
    private static final List<Cause.Kind> KINDS =
            List.of(
                    Cause.Kind.BUSY,
                    Cause.Kind.SKEW,
                    Cause.Kind.GC,
                    Cause.Kind.EXTERNAL_WAIT,
                    Cause.Kind.NETWORK,
                    Cause.Kind.HARD);

    private final long endMillis;
    private final int periodMillis;

    /** Shared by the rows of a job, as long as it has the same vertices. */
    private final List<String> vertices;

    private final short[] values;

    /** Who holds a vertex back. */
    record Blame(String vertex, Cause.Kind kind) {}

    PeriodRow(long endMillis, int periodMillis, List<String> vertices, short[] values) {
        if (values.length != COLUMNS * vertices.size()) {
            throw new IllegalArgumentException(
                    "%d numbers of %d vertices".formatted(values.length, vertices.size()));
        }
        this.endMillis = endMillis;
        this.periodMillis = periodMillis;
        this.vertices = vertices;
        this.values = values;
    }

    /**
     * Sums up a period.
     *
     * @param vertices of the job, by id
     */
    static PeriodRow of(JobLoad load, Diagnosis diagnosis, List<String> vertices) {
        short[] values = new short[COLUMNS * vertices.size()];
        Map<String, Cause.Kind> kinds = new HashMap<>();
        diagnosis.causes().forEach(cause -> kinds.putIfAbsent(cause.vertex(), cause.kind()));
        for (int i = 0; i < vertices.size(); i++) {
            String vertex = vertices.get(i);
            List<SubtaskLoad> subtasks = load.of(vertex);
            int at = COLUMNS * i;
            values[at + BACKPRESSURED] =
                    units(mean(subtasks, SubtaskLoad::backpressured), subtasks);
            values[at + BACKPRESSURED_MAX] =
                    units(max(subtasks, SubtaskLoad::backpressured), subtasks);
            values[at + HARD] = units(mean(subtasks, SubtaskLoad::hard), subtasks);
            values[at + BUSY_MAX] = units(max(subtasks, SubtaskLoad::busy), subtasks);
            List<String> causedBy = diagnosis.causedBy().getOrDefault(vertex, List.of());
            String by = causedBy.isEmpty() ? null : causedBy.get(0);
            Cause.Kind kind = by == null ? null : kinds.get(by);
            values[at + CAUSE] = by == null ? NONE : (short) vertices.indexOf(by);
            values[at + KIND] = kind == null ? NONE : (short) KINDS.indexOf(kind);
        }
        return new PeriodRow(load.endMillis(), (int) load.periodMillis(), vertices, values);
    }

    private interface Share {
        double of(SubtaskLoad load);
    }

    private static double mean(List<SubtaskLoad> subtasks, Share share) {
        return subtasks.stream().mapToDouble(share::of).average().orElse(0);
    }

    private static double max(List<SubtaskLoad> subtasks, Share share) {
        return subtasks.stream().mapToDouble(share::of).max().orElse(0);
    }

    private static short units(double share, List<SubtaskLoad> reported) {
        return reported.isEmpty() ? NONE : (short) Math.round(share * UNIT);
    }

    long endMillis() {
        return endMillis;
    }

    long startMillis() {
        return endMillis - periodMillis;
    }

    int periodMillis() {
        return periodMillis;
    }

    List<String> vertices() {
        return vertices;
    }

    /** Returns a copy of the numbers, {@link #COLUMNS} for each vertex. */
    short[] values() {
        return values.clone();
    }

    /** Whether the vertex has reported. */
    boolean has(int vertex) {
        return values[COLUMNS * vertex] != NONE;
    }

    /**
     * Returns a share.
     *
     * @param vertex its position
     * @param column such as {@link #HARD}
     */
    double share(int vertex, int column) {
        return values[COLUMNS * vertex + column] / UNIT;
    }

    /** Returns who holds the vertex back most, or null if nobody does, or it is not known. */
    @Nullable Blame blame(int vertex) {
        short by = values[COLUMNS * vertex + CAUSE];
        short kind = values[COLUMNS * vertex + KIND];
        return by < 0 || by >= vertices.size() || kind < 0 || kind >= KINDS.size()
                ? null
                : new Blame(vertices.get(by), KINDS.get(kind));
    }

    /** Returns who holds back most vertices, or null if nobody does. */
    @Nullable Blame mainBlame() {
        Map<Blame, Integer> votes = new LinkedHashMap<>();
        for (int vertex = 0; vertex < vertices.size(); vertex++) {
            Blame blame = blame(vertex);
            if (blame != null) {
                votes.merge(blame, 1, Integer::sum);
            }
        }
        return votes.isEmpty()
                ? null
                : Collections.max(votes.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    /** Returns about how much of the heap this takes. */
    long bytes() {
        return OVERHEAD_BYTES + (long) Short.BYTES * values.length;
    }

    /** Returns the ids of vertices in their order. */
    static List<String> idsOf(List<Vertex> vertices) {
        return vertices.stream().map(Vertex::id).toList();
    }
}
