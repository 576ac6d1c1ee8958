package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.handler.async.TriggerResponse;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code POST /jobs/:jobid/state-migrations}. */
public final class StateMigrationTriggerHeaders
        extends ExtensionHeaders<StateMigrationRequestBody, TriggerResponse, JobMessageParameters> {

    static final String URL = "/jobs/:%s/state-migrations".formatted(JobIDPathParameter.KEY);

    public StateMigrationTriggerHeaders() {
        super(
                HttpMethodWrapper.POST,
                URL,
                StateMigrationRequestBody.class,
                TriggerResponse.class,
                HttpResponseStatus.ACCEPTED,
                JobMessageParameters::new,
                "Moves keyed state of a running job between heap and disk.");
    }

    @Override
    public String operationId() {
        return "triggerStateMigration";
    }
}
