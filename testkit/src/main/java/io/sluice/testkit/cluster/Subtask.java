package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/**
 * The current attempt of one subtask, of {@code GET /jobs/:jobid/vertices/:vertexid}.
 *
 * @param attempt 0 for the first one
 * @param taskManager id of the TaskManager it is on, or {@code (unassigned)}
 */
public record Subtask(int index, int attempt, String status, String taskManager) {

    static Subtask of(JsonNode json) {
        return new Subtask(
                json.required("subtask").asInt(),
                json.required("attempt").asInt(),
                json.required("status").asText(),
                json.required("taskmanager-id").asText());
    }
}
