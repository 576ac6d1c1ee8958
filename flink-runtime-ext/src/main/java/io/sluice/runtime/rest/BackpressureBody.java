package io.sluice.runtime.rest;

import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.sluice.rpc.JobBackpressure;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import io.sluice.runtime.backpressure.cause.BackpressureCauses;
import io.sluice.runtime.backpressure.cause.Diagnosis;
import io.sluice.runtime.backpressure.load.EdgeLoad;
import io.sluice.runtime.backpressure.load.Episode;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.LoadCodec;
import io.sluice.runtime.backpressure.load.LoadReport;
import io.sluice.runtime.backpressure.load.SubtaskLoad;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Who is held back in a job, and by whom.
 *
 * @param endMillis of the period, since 1970
 * @param periodMillis that the shares are of
 */
public record BackpressureBody(
        @JsonProperty("job-id") String job,
        @JsonProperty("job-name") String name,
        @JsonProperty("job-status") String status,
        @JsonProperty("timestamp") long endMillis,
        @JsonProperty("period") long periodMillis,
        @JsonProperty("edges-tracked") boolean edgesTracked,
        @JsonProperty("vertices") List<Vertex> vertices,
        @JsonProperty("edges") List<Edge> edges,
        @JsonProperty("causes") List<Cause> causes,
        @JsonProperty("silent-taskmanagers") List<SilentTaskManager> silent)
        implements ResponseBody {

    /**
     * What the subtasks of a vertex did.
     *
     * @param subtasks how many have reported
     * @param since when the oldest episode began that goes on
     * @param causedBy the vertices it waits for in the end
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Vertex(
            @JsonProperty("vertex-id") String id,
            @JsonProperty("vertex-name") String name,
            @JsonProperty("parallelism") int parallelism,
            @JsonProperty("status") String status,
            @JsonProperty("subtasks") int subtasks,
            @JsonProperty("backpressured") double backpressured,
            @JsonProperty("backpressured-max") double backpressuredMax,
            @JsonProperty("hard") double hard,
            @JsonProperty("busy") double busy,
            @JsonProperty("busy-max") double busyMax,
            @JsonProperty("idle") double idle,
            @JsonProperty("backpressured-since") @Nullable Long since,
            @JsonProperty("caused-by") List<String> causedBy) {}

    /**
     * From a vertex to one that gets its records.
     *
     * @param poolUsage null if edges are not tracked
     * @param blocked null if edges are not tracked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Edge(
            @JsonProperty("source") String source,
            @JsonProperty("target") String target,
            @JsonProperty("pool-usage") @Nullable Double poolUsage,
            @JsonProperty("blocked") @Nullable Double blocked) {}

    /** A vertex that holds others back, or would next. */
    public record Cause(
            @JsonProperty("vertex-id") String vertex,
            @JsonProperty("vertex-name") String name,
            @JsonProperty("role") String role,
            @JsonProperty("kind") String kind,
            @JsonProperty("subtasks") List<Integer> subtasks,
            @JsonProperty("holds-back") List<String> holdsBack,
            @JsonProperty("weight") double weight,
            @JsonProperty("message") String message) {}

    static BackpressureBody of(AccessExecutionGraph graph, JobBackpressure state) {
        JobTopology topology = JobTopology.of(graph);
        LoadReport report = LoadCodec.decode(state.loads().bytes());
        JobLoad load = JobLoad.of(topology, report.periods());
        Diagnosis diagnosis = BackpressureCauses.of(load);
        Map<String, String> names = new HashMap<>();
        topology.vertices().forEach(vertex -> names.put(vertex.id(), vertex.name()));
        return new BackpressureBody(
                topology.job(),
                topology.name(),
                graph.getState().name(),
                load.endMillis(),
                load.periodMillis(),
                report.edgesTracked(),
                vertices(graph, load, diagnosis, report.episodes()),
                topology.edges().stream().map(edge -> edge(edge, load)).toList(),
                diagnosis.causes().stream()
                        .map(
                                cause ->
                                        new Cause(
                                                cause.vertex(),
                                                names.getOrDefault(cause.vertex(), cause.vertex()),
                                                cause.role().name(),
                                                cause.kind().name(),
                                                cause.subtasks(),
                                                cause.holdsBack(),
                                                rounded(cause.weight()),
                                                cause.message()))
                        .toList(),
                SilentTaskManager.of(state.silent()));
    }

    private static List<Vertex> vertices(
            AccessExecutionGraph graph, JobLoad load, Diagnosis diagnosis, List<Episode> episodes) {
        Map<String, String> status = new HashMap<>();
        for (AccessExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            status.put(vertex.getJobVertexId().toHexString(), vertex.getAggregateState().name());
        }
        Map<String, Long> since = new HashMap<>();
        episodes.stream()
                .filter(Episode::ongoing)
                .forEach(
                        episode -> since.merge(episode.vertex(), episode.startMillis(), Math::min));
        return load.topology().vertices().stream()
                .map(
                        vertex -> {
                            List<SubtaskLoad> subtasks = load.of(vertex.id());
                            return new Vertex(
                                    vertex.id(),
                                    vertex.name(),
                                    vertex.parallelism(),
                                    status.getOrDefault(vertex.id(), ""),
                                    subtasks.size(),
                                    mean(subtasks, SubtaskLoad::backpressured),
                                    max(subtasks, SubtaskLoad::backpressured),
                                    mean(subtasks, SubtaskLoad::hard),
                                    mean(subtasks, SubtaskLoad::busy),
                                    max(subtasks, SubtaskLoad::busy),
                                    mean(subtasks, SubtaskLoad::idle),
                                    since.get(vertex.id()),
                                    diagnosis.causedBy().getOrDefault(vertex.id(), List.of()));
                        })
                .toList();
    }

    private static Edge edge(JobTopology.Edge edge, JobLoad load) {
        List<EdgeLoad> loads =
                load.edges().stream()
                        .filter(one -> one.source().equals(edge.source()))
                        .filter(one -> one.target().equals(edge.target()))
                        .toList();
        return new Edge(
                edge.source(),
                edge.target(),
                loads.isEmpty() ? null : max(loads, EdgeLoad::poolUsage),
                loads.isEmpty() ? null : mean(loads, EdgeLoad::blocked));
    }

    private static <T> double mean(List<T> loads, ToDoubleFunction<T> share) {
        return rounded(loads.stream().mapToDouble(share).average());
    }

    private static <T> double max(List<T> loads, ToDoubleFunction<T> share) {
        return rounded(loads.stream().mapToDouble(share).max());
    }

    private static double rounded(OptionalDouble share) {
        return rounded(share.orElse(0));
    }

    /** To a ten-thousandth, which is more than is known. */
    static double rounded(double share) {
        return Math.round(share * 10_000) / 10_000.0;
    }
}
