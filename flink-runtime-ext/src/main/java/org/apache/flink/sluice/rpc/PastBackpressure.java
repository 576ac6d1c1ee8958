package org.apache.flink.sluice.rpc;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * How long the vertices of a job were held back, step by step.
 *
 * @param causes the first of each step that has one
 */
public record PastBackpressure(List<Series> vertices, List<Blame> causes) implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    public PastBackpressure {
        vertices = List.copyOf(vertices);
        causes = List.copyOf(causes);
    }

    /**
     * Of one vertex.
     *
     * @param vertex hexadecimal
     * @param points in the order of time
     */
    public record Series(String vertex, List<Point> points) implements Serializable {
        @Serial private static final long serialVersionUID = 1;

        public Series {
            points = List.copyOf(points);
        }
    }

    /**
     * Of one step.
     *
     * @param startMillis since 1970
     * @param backpressured mean share of the step in which a subtask was held back
     * @param backpressuredMax that of the subtask and period with the greatest
     * @param hard mean share in which a subtask was held back within a record
     * @param busyMax share of the busiest subtask and period
     */
    public record Point(
            long startMillis,
            double backpressured,
            double backpressuredMax,
            double hard,
            double busyMax)
            implements Serializable {
        @Serial private static final long serialVersionUID = 1;
    }

    /**
     * Who held others back.
     *
     * @param startMillis since 1970
     * @param vertex hexadecimal
     * @param kind why
     */
    public record Blame(long startMillis, String vertex, String kind) implements Serializable {
        @Serial private static final long serialVersionUID = 1;
    }
}
