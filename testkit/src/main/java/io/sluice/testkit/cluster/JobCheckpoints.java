package io.sluice.testkit.cluster;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** {@code GET /jobs/:jobid/checkpoints}: how many there were, and the last ones. */
public record JobCheckpoints(
        long total,
        long inProgress,
        long completed,
        long failed,
        long restored,
        @Nullable Snapshot latestCompletedOrNull,
        @Nullable Snapshot latestRestoredOrNull) {

    public Optional<Snapshot> latestCompleted() {
        return Optional.ofNullable(latestCompletedOrNull);
    }

    /** Returns the checkpoint or savepoint that the job last started from. */
    public Optional<Snapshot> latestRestored() {
        return Optional.ofNullable(latestRestoredOrNull);
    }

    static JobCheckpoints of(JsonNode json) {
        JsonNode counts = json.required("counts");
        JsonNode latest = json.required("latest");
        return new JobCheckpoints(
                counts.required("total").asLong(),
                counts.required("in_progress").asLong(),
                counts.required("completed").asLong(),
                counts.required("failed").asLong(),
                counts.required("restored").asLong(),
                Snapshot.ofNullable(latest.path("completed")),
                Snapshot.ofNullable(latest.path("restored")));
    }

    /**
     * A completed or restored checkpoint.
     *
     * @param path where its metadata is, as Flink gives it; empty if it is not in a file system
     */
    public record Snapshot(long id, boolean isSavepoint, String path) {

        private static @Nullable Snapshot ofNullable(JsonNode json) {
            if (!json.isObject()) {
                return null;
            }
            return new Snapshot(
                    json.required("id").asLong(),
                    json.required("is_savepoint").asBoolean(),
                    json.path("external_path").asText(""));
        }
    }
}
