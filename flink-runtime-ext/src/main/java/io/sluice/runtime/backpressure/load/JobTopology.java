package io.sluice.runtime.backpressure.load;

import java.util.List;

/**
 * The vertices of a job and who sends records to whom.
 *
 * @param job hexadecimal
 * @param name of the job, for people
 * @param vertices producers before their consumers
 */
public record JobTopology(String job, String name, List<Vertex> vertices, List<Edge> edges) {

    /**
     * A chain of operators.
     *
     * @param id hexadecimal
     * @param name for people
     */
    public record Vertex(String id, String name, int parallelism) {}

    /** Between two vertices; at most one for a pair of them. */
    public record Edge(String source, String target) {}

    public JobTopology {
        vertices = List.copyOf(vertices);
        edges = List.copyOf(edges);
    }

    /** Returns the vertices that get records of this one. */
    public List<String> consumersOf(String vertex) {
        return edges.stream()
                .filter(edge -> edge.source().equals(vertex))
                .map(Edge::target)
                .toList();
    }
}
