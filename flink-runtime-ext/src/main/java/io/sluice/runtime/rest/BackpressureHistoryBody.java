package io.sluice.runtime.rest;

import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.sluice.rpc.PastBackpressure;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import io.sluice.runtime.backpressure.load.JobTopology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long the vertices of a job were held back, step by step. Times are milliseconds. */
public record BackpressureHistoryBody(
        @JsonProperty("job-id") String job,
        @JsonProperty("from") long from,
        @JsonProperty("to") long to,
        @JsonProperty("step") long step,
        @JsonProperty("vertices") List<Vertex> vertices,
        @JsonProperty("causes") List<Cause> causes)
        implements ResponseBody {

    /** One vertex. */
    public record Vertex(
            @JsonProperty("vertex-id") String id,
            @JsonProperty("vertex-name") String name,
            @JsonProperty("points") List<Point> points) {}

    /** One step. */
    public record Point(
            @JsonProperty("time") long time,
            @JsonProperty("backpressured") double backpressured,
            @JsonProperty("backpressured-max") double backpressuredMax,
            @JsonProperty("hard") double hard,
            @JsonProperty("busy-max") double busyMax) {}

    /** The first cause in most periods of a step. */
    public record Cause(
            @JsonProperty("time") long time,
            @JsonProperty("vertex-id") String vertex,
            @JsonProperty("kind") String kind) {}

    static BackpressureHistoryBody of(
            AccessExecutionGraph graph,
            BackpressureHistoryParameters.Range range,
            PastBackpressure past) {
        Map<String, String> names = namesOf(graph);
        return new BackpressureHistoryBody(
                graph.getJobID().toHexString(),
                range.from(),
                range.to(),
                range.step(),
                past.vertices().stream()
                        .map(
                                series ->
                                        new Vertex(
                                                series.vertex(),
                                                names.getOrDefault(
                                                        series.vertex(), series.vertex()),
                                                series.points().stream()
                                                        .map(BackpressureHistoryBody::point)
                                                        .toList()))
                        .toList(),
                past.causes().stream()
                        .map(blame -> new Cause(blame.startMillis(), blame.vertex(), blame.kind()))
                        .toList());
    }

    private static Point point(PastBackpressure.Point point) {
        return new Point(
                point.startMillis(),
                BackpressureBody.rounded(point.backpressured()),
                BackpressureBody.rounded(point.backpressuredMax()),
                BackpressureBody.rounded(point.hard()),
                BackpressureBody.rounded(point.busyMax()));
    }

    /** Returns the names of a job's vertices by their ids. */
    static Map<String, String> namesOf(AccessExecutionGraph graph) {
        Map<String, String> names = new HashMap<>();
        JobTopology.of(graph).vertices().forEach(vertex -> names.put(vertex.id(), vertex.name()));
        return names;
    }
}
