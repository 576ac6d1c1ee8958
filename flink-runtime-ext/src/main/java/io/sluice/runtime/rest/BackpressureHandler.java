package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.webmonitor.RestfulGateway;

import java.util.concurrent.CompletableFuture;

/** Tells who is held back in a job now, and by whom. Tasks are not asked: it is cheap to poll. */
final class BackpressureHandler
        extends ExtensionHandler<EmptyRequestBody, BackpressureBody, JobMessageParameters> {

    private final TrackedBackpressure tracked;

    BackpressureHandler(ExtensionRoutes routes) {
        super(routes, new BackpressureHeaders());
        this.tracked = routes.backpressure();
    }

    @Override
    protected CompletableFuture<BackpressureBody> handleRequest(
            HandlerRequest<EmptyRequestBody> request, RestfulGateway leader)
            throws RestHandlerException {
        tracked.require();
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        return recentJob(leader, id)
                .thenCompose(
                        job -> {
                            AccessExecutionGraph graph = job.require();
                            return extension(leader)
                                    .thenCompose(
                                            extension -> extension.requestBackpressure(id, timeout))
                                    .thenApply(state -> BackpressureBody.of(graph, state));
                        });
    }
}
