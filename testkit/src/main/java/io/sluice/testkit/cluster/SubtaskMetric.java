package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * One entry of {@code GET /jobs/:jobid/vertices/:vertexid/subtasks/metrics}: a metric over all
 * subtasks of a vertex.
 */
public record SubtaskMetric(double sum, double max) {

    static SubtaskMetric of(JsonNode json) {
        return new SubtaskMetric(json.required("sum").asDouble(), json.required("max").asDouble());
    }
}
