package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.webmonitor.RestfulGateway;

import java.util.concurrent.CompletableFuture;

/** Tells how long the vertices of a job were held back. */
final class BackpressureHistoryHandler
        extends ExtensionHandler<
                EmptyRequestBody, BackpressureHistoryBody, BackpressureHistoryParameters> {

    private final TrackedBackpressure tracked;

    BackpressureHistoryHandler(ExtensionRoutes routes) {
        super(routes, new BackpressureHistoryHeaders());
        this.tracked = routes.backpressure();
    }

    @Override
    protected CompletableFuture<BackpressureHistoryBody> handleRequest(
            HandlerRequest<EmptyRequestBody> request, RestfulGateway leader)
            throws RestHandlerException {
        tracked.require();
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        BackpressureHistoryParameters.Range range =
                parsed(
                        () ->
                                BackpressureHistoryParameters.of(
                                        request,
                                        System.currentTimeMillis(),
                                        tracked.periodMillis()));
        return recentJob(leader, id)
                .thenCompose(
                        job -> {
                            AccessExecutionGraph graph = job.require();
                            return extension(leader)
                                    .thenCompose(
                                            extension ->
                                                    extension.requestBackpressureHistory(
                                                            id,
                                                            range.from(),
                                                            range.to(),
                                                            range.step(),
                                                            timeout))
                                    .thenApply(
                                            past -> BackpressureHistoryBody.of(graph, range, past));
                        });
    }
}
