package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

/** One entry of {@code GET /jobs/overview}. */
public record JobSummary(String id, String name, String status) {

    static JobSummary of(JsonNode json) {
        return new JobSummary(
                json.required("jid").asText(),
                json.required("name").asText(),
                json.required("state").asText());
    }
}
