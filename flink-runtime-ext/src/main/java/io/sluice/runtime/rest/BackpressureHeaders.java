package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/backpressure}. */
public final class BackpressureHeaders
        extends ExtensionHeaders<EmptyRequestBody, BackpressureBody, JobMessageParameters> {

    static final String URL = "/jobs/:%s/backpressure".formatted(JobIDPathParameter.KEY);

    public BackpressureHeaders() {
        super(
                HttpMethodWrapper.GET,
                URL,
                EmptyRequestBody.class,
                BackpressureBody.class,
                HttpResponseStatus.OK,
                JobMessageParameters::new,
                "Returns who is held back in a job now, for how long, and by whom.");
    }
}
