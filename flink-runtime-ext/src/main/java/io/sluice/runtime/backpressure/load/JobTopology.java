package io.sluice.runtime.backpressure.load;

import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.rest.messages.JobPlanInfo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Returns what Flink knows of a job. */
    public static JobTopology of(AccessExecutionGraph graph) {
        List<Vertex> vertices = new ArrayList<>();
        for (AccessExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            vertices.add(
                    new Vertex(
                            vertex.getJobVertexId().toHexString(),
                            vertex.getName(),
                            vertex.getParallelism()));
        }
        Set<Edge> edges = new LinkedHashSet<>();
        for (JobPlanInfo.Plan.Node node : graph.getPlan().getNodes()) {
            if (node.getInputs() != null) {
                node.getInputs().forEach(input -> edges.add(new Edge(input.getId(), node.getId())));
            }
        }
        return new JobTopology(
                graph.getJobID().toHexString(), graph.getJobName(), vertices, List.copyOf(edges));
    }

    /** Whether all these vertices are there. */
    public boolean hasAll(Collection<String> ids) {
        return vertices.stream().map(Vertex::id).collect(Collectors.toSet()).containsAll(ids);
    }

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
