package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/backpressure/history}. */
public final class BackpressureHistoryHeaders
        extends ExtensionHeaders<
                EmptyRequestBody, BackpressureHistoryBody, BackpressureHistoryParameters> {

    public BackpressureHistoryHeaders() {
        super(
                HttpMethodWrapper.GET,
                BackpressureHeaders.URL + "/history",
                EmptyRequestBody.class,
                BackpressureHistoryBody.class,
                HttpResponseStatus.OK,
                BackpressureHistoryParameters::new,
                "Returns how long each vertex was held back in each step of time, and by whom.");
    }
}
