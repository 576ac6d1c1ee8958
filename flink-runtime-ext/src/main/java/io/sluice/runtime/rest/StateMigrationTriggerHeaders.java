package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.handler.async.TriggerResponse;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code POST /jobs/:jobid/state-migrations}. */
public final class StateMigrationTriggerHeaders
        implements RuntimeMessageHeaders<
                StateMigrationRequestBody, TriggerResponse, JobMessageParameters> {

    static final String URL = "/jobs/:%s/state-migrations".formatted(JobIDPathParameter.KEY);

    @Override
    public Class<StateMigrationRequestBody> getRequestClass() {
        return StateMigrationRequestBody.class;
    }

    @Override
    public Class<TriggerResponse> getResponseClass() {
        return TriggerResponse.class;
    }

    @Override
    public HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.ACCEPTED;
    }

    @Override
    public JobMessageParameters getUnresolvedMessageParameters() {
        return new JobMessageParameters();
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.POST;
    }

    @Override
    public String getTargetRestEndpointURL() {
        return URL;
    }

    @Override
    public String getDescription() {
        return "Moves keyed state of a running job between heap and disk.";
    }

    @Override
    public String operationId() {
        return "triggerStateMigration";
    }
}
