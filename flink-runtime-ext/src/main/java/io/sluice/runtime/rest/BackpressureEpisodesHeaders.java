package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/backpressure/episodes}. */
public final class BackpressureEpisodesHeaders
        extends ExtensionHeaders<
                EmptyRequestBody, BackpressureEpisodesBody, BackpressureEpisodesParameters> {

    public BackpressureEpisodesHeaders() {
        super(
                HttpMethodWrapper.GET,
                BackpressureHeaders.URL + "/episodes",
                EmptyRequestBody.class,
                BackpressureEpisodesBody.class,
                HttpResponseStatus.OK,
                BackpressureEpisodesParameters::new,
                "Returns when subtasks were held back, for how long, and by whom.");
    }
}
