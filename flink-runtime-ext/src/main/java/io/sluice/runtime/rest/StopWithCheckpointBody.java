package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import io.sluice.runtime.checkpoint.StopResult;
import org.jspecify.annotations.Nullable;

/**
 * How far the stop of a job is.
 *
 * @param message why it failed
 * @param checkpoint from which the job can be started again, once it has stopped
 * @param triggered whether the checkpoint was taken for the stop
 * @param export path of the copy, if one was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StopWithCheckpointBody(
        @JsonProperty("request-id") String trigger,
        @JsonProperty("status") Status status,
        @JsonProperty("message") @Nullable String message,
        @JsonProperty("checkpoint") @Nullable String checkpoint,
        @JsonProperty("checkpoint-triggered") @Nullable Boolean triggered,
        @JsonProperty("export") @Nullable String export,
        @JsonProperty("export-bytes") @Nullable Long exportBytes)
        implements ResponseBody {

    /** As Flink's asynchronous operations tell it. */
    public record Status(@JsonProperty("id") Phase id) {}

    /** What it is at. */
    public enum Phase {
        IN_PROGRESS,
        COMPLETED,
        /** The job goes on, or has stopped without the copy; the message says which. */
        FAILED
    }

    static StopWithCheckpointBody inProgress(String trigger) {
        return new StopWithCheckpointBody(
                trigger, new Status(Phase.IN_PROGRESS), null, null, null, null, null);
    }

    static StopWithCheckpointBody failed(String trigger, String message) {
        return new StopWithCheckpointBody(
                trigger, new Status(Phase.FAILED), message, null, null, null, null);
    }

    static StopWithCheckpointBody stopped(String trigger, StopResult result) {
        String failure = result.exportFailure();
        return new StopWithCheckpointBody(
                trigger,
                new Status(failure == null ? Phase.COMPLETED : Phase.FAILED),
                failure == null
                        ? null
                        : "The job has stopped and its checkpoint is there, but it could not be exported: "
                                + failure,
                result.checkpoint(),
                result.triggered(),
                result.export(),
                result.export() == null ? null : result.exportedBytes());
    }
}
