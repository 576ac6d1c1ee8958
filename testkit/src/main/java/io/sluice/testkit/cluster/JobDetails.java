package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code GET /jobs/:jobid}.
 *
 * @param status as Flink writes it, such as {@code RUNNING}
 * @param duration from the job's start to its end, or to now
 */
public record JobDetails(
        String id, String name, String status, Duration duration, List<Vertex> vertices) {

    public JobDetails {
        vertices = List.copyOf(vertices);
    }

    /** Returns the vertex whose name contains {@code part}; there must be exactly one. */
    public Vertex vertex(String part) {
        List<Vertex> found =
                vertices.stream().filter(vertex -> vertex.name().contains(part)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    "%d vertices of job %s have '%s' in their names: %s."
                            .formatted(
                                    found.size(),
                                    id,
                                    part,
                                    vertices.stream().map(Vertex::name).toList()));
        }
        return found.get(0);
    }

    /** Returns whether the job runs and all its subtasks do. */
    public boolean allTasksRunning() {
        return status.equals("RUNNING")
                && !vertices.isEmpty()
                && vertices.stream()
                        .allMatch(vertex -> vertex.tasksIn("RUNNING") == vertex.parallelism());
    }

    static JobDetails of(JsonNode json) {
        List<Vertex> vertices = new ArrayList<>();
        json.required("vertices").forEach(vertex -> vertices.add(Vertex.of(vertex)));
        return new JobDetails(
                json.required("jid").asText(),
                json.required("name").asText(),
                json.required("state").asText(),
                Duration.ofMillis(json.required("duration").asLong()),
                vertices);
    }

    /**
     * A vertex of the job graph.
     *
     * @param tasks number of subtasks per execution state
     */
    public record Vertex(
            String id,
            String name,
            int parallelism,
            int maxParallelism,
            String status,
            Map<String, Integer> tasks) {

        public Vertex {
            tasks = Map.copyOf(tasks);
        }

        /** Returns how many subtasks are in {@code state}, such as {@code RUNNING}. */
        public int tasksIn(String state) {
            return tasks.getOrDefault(state, 0);
        }

        private static Vertex of(JsonNode json) {
            Map<String, Integer> tasks = new TreeMap<>();
            json.required("tasks")
                    .properties()
                    .forEach(count -> tasks.put(count.getKey(), count.getValue().asInt()));
            return new Vertex(
                    json.required("id").asText(),
                    json.required("name").asText(),
                    json.required("parallelism").asInt(),
                    json.required("maxParallelism").asInt(),
                    json.required("status").asText(),
                    tasks);
        }
    }
}
