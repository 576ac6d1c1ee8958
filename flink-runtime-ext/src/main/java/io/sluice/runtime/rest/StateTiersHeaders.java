package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/state-tiers}. */
public final class StateTiersHeaders
        extends ExtensionHeaders<EmptyRequestBody, StateTiersBody, JobMessageParameters> {

    private static final String URL = "/jobs/:%s/state-tiers".formatted(JobIDPathParameter.KEY);

    public StateTiersHeaders() {
        super(
                HttpMethodWrapper.GET,
                URL,
                EmptyRequestBody.class,
                StateTiersBody.class,
                HttpResponseStatus.OK,
                JobMessageParameters::new,
                "Returns where the keyed state of a job lives, subtask by subtask.");
    }
}
