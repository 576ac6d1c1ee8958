package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;

/** Tells how long the vertices of a job were held back. */
final class BackpressureHistoryHandler
        extends JobBackpressureHandler<BackpressureHistoryBody, BackpressureHistoryParameters> {

    private final long periodMillis;

    BackpressureHistoryHandler(ExtensionRoutes routes) {
        super(routes, new BackpressureHistoryHeaders());
        this.periodMillis = routes.backpressure().periodMillis();
    }

    @Override
    Question<BackpressureHistoryBody> question(HandlerRequest<EmptyRequestBody> request, JobID job)
            throws RestHandlerException {
        BackpressureHistoryParameters.Range range =
                parsed(
                        () ->
                                BackpressureHistoryParameters.of(
                                        request, System.currentTimeMillis(), periodMillis));
        return (extension, graph) ->
                extension
                        .requestBackpressureHistory(
                                job, range.from(), range.to(), range.step(), timeout)
                        .thenApply(past -> BackpressureHistoryBody.of(graph, range, past));
    }
}
