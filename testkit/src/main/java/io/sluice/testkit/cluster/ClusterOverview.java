package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** {@code GET /overview}. */
public record ClusterOverview(
        int taskManagers,
        int slotsTotal,
        int slotsAvailable,
        int jobsRunning,
        int jobsFinished,
        int jobsCancelled,
        int jobsFailed) {

    static ClusterOverview of(JsonNode json) {
        return new ClusterOverview(
                json.required("taskmanagers").asInt(),
                json.required("slots-total").asInt(),
                json.required("slots-available").asInt(),
                json.required("jobs-running").asInt(),
                json.required("jobs-finished").asInt(),
                json.required("jobs-cancelled").asInt(),
                json.required("jobs-failed").asInt());
    }
}
