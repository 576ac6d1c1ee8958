package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.handler.async.TriggerResponse;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code POST /jobs/:jobid/stop-with-checkpoint}. */
public final class StopWithCheckpointTriggerHeaders
        extends ExtensionHeaders<
                StopWithCheckpointRequestBody, TriggerResponse, JobMessageParameters> {

    static final String URL = "/jobs/:%s/stop-with-checkpoint".formatted(JobIDPathParameter.KEY);

    public StopWithCheckpointTriggerHeaders() {
        super(
                HttpMethodWrapper.POST,
                URL,
                StopWithCheckpointRequestBody.class,
                TriggerResponse.class,
                HttpResponseStatus.ACCEPTED,
                JobMessageParameters::new,
                "Stops a job with its last checkpoint as a savepoint.");
    }

    @Override
    public String operationId() {
        return "triggerStopWithCheckpoint";
    }
}
