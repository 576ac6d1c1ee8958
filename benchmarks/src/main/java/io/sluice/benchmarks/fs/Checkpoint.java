package io.sluice.benchmarks.fs;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A checkpoint and what it cost, until what it replaces was deleted.
 *
 * @param stateBytes all it refers to
 * @param writtenBytes what of that is new
 * @param millis from the trigger to the last acknowledgement, as Flink measures it
 */
record Checkpoint(long stateBytes, long writtenBytes, long millis, Calls calls) {

    /** Reads the statistics of one checkpoint that Flink's REST API gives. */
    static Checkpoint of(JsonNode statistics, Calls calls) {
        return new Checkpoint(
                statistics.required("state_size").asLong(),
                statistics.required("checkpointed_size").asLong(),
                statistics.required("end_to_end_duration").asLong(),
                calls);
    }

    void addTo(ObjectNode json) {
        json.put("stateBytes", stateBytes)
                .put("writtenBytes", writtenBytes)
                .put("millis", millis)
                .put("calls", calls.caused());
        ObjectNode byOperation = json.putObject("byOperation");
        calls.byOperation().forEach(byOperation::put);
    }
}
