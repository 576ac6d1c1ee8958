package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.TriggerIdPathParameter;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusMessageParameters;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/stop-with-checkpoint/:triggerid}. */
public final class StopWithCheckpointStatusHeaders
        extends ExtensionHeaders<
                EmptyRequestBody, StopWithCheckpointBody, SavepointStatusMessageParameters> {

    private static final String URL =
            StopWithCheckpointTriggerHeaders.URL + "/:" + TriggerIdPathParameter.KEY;

    public StopWithCheckpointStatusHeaders() {
        super(
                HttpMethodWrapper.GET,
                URL,
                EmptyRequestBody.class,
                StopWithCheckpointBody.class,
                HttpResponseStatus.OK,
                SavepointStatusMessageParameters::new,
                "Returns how far the stop of a job is, and the path of its checkpoint.");
    }

    @Override
    public String operationId() {
        return "getStopWithCheckpointStatus";
    }
}
