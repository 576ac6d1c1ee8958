package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;

/** Tells who is held back in a job now, and by whom. Tasks are not asked: it is cheap to poll. */
final class BackpressureHandler
        extends JobBackpressureHandler<BackpressureBody, JobMessageParameters> {

    BackpressureHandler(ExtensionRoutes routes) {
        super(routes, new BackpressureHeaders());
    }

    @Override
    Question<BackpressureBody> question(HandlerRequest<EmptyRequestBody> request, JobID job) {
        return (extension, graph) ->
                extension
                        .requestBackpressure(job, timeout)
                        .thenApply(state -> BackpressureBody.of(graph, state));
    }
}
