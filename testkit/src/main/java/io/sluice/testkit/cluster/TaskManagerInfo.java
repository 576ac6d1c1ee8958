package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * One entry of {@code GET /taskmanagers}.
 *
 * @param id the name in {@link LocalCluster}, for TaskManagers that it started
 */
public record TaskManagerInfo(String id, String path, int slots, int freeSlots) {

    static TaskManagerInfo of(JsonNode json) {
        return new TaskManagerInfo(
                json.required("id").asText(),
                json.required("path").asText(),
                json.required("slotsNumber").asInt(),
                json.required("freeSlots").asInt());
    }
}
