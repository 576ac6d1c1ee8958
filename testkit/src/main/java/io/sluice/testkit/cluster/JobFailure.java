package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One entry of {@code GET /jobs/:jobid/exceptions}.
 *
 * @param taskManagerOrEmpty empty if the failure is of no TaskManager
 */
public record JobFailure(
        String exception,
        String stackTrace,
        Instant time,
        String taskManagerOrEmpty,
        Map<String, String> labels) {

    public JobFailure {
        labels = Map.copyOf(labels);
    }

    public Optional<String> taskManager() {
        return Optional.of(taskManagerOrEmpty).filter(id -> !id.isEmpty());
    }

    static JobFailure of(JsonNode json) {
        Map<String, String> labels = new TreeMap<>();
        json.required("failureLabels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        JsonNode taskManager = json.path("taskManagerId");
        return new JobFailure(
                json.required("exceptionName").asText(),
                json.required("stacktrace").asText(),
                Instant.ofEpochMilli(json.required("timestamp").asLong()),
                taskManager.isTextual() ? taskManager.asText() : "",
                labels);
    }
}
