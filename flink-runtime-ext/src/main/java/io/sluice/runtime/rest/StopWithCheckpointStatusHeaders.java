package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;
import org.apache.flink.runtime.rest.messages.TriggerIdPathParameter;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusMessageParameters;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/stop-with-checkpoint/:triggerid}. */
public final class StopWithCheckpointStatusHeaders
        implements RuntimeMessageHeaders<
                EmptyRequestBody, StopWithCheckpointBody, SavepointStatusMessageParameters> {

    private static final String URL =
            StopWithCheckpointTriggerHeaders.URL + "/:" + TriggerIdPathParameter.KEY;

    @Override
    public Class<EmptyRequestBody> getRequestClass() {
        return EmptyRequestBody.class;
    }

    @Override
    public Class<StopWithCheckpointBody> getResponseClass() {
        return StopWithCheckpointBody.class;
    }

    @Override
    public HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.OK;
    }

    @Override
    public SavepointStatusMessageParameters getUnresolvedMessageParameters() {
        return new SavepointStatusMessageParameters();
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.GET;
    }

    @Override
    public String getTargetRestEndpointURL() {
        return URL;
    }

    @Override
    public String getDescription() {
        return "Returns how far the stop of a job is, and the path of its checkpoint.";
    }

    @Override
    public String operationId() {
        return "getStopWithCheckpointStatus";
    }
}
