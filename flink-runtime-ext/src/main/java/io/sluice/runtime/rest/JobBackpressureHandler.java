package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.sluice.rpc.JobManagerExtensionGateway;

import java.util.concurrent.CompletableFuture;

/** A handler that tells something of the backpressure of a job that there is. Thread-safe. */
abstract class JobBackpressureHandler<P extends ResponseBody, M extends JobMessageParameters>
        extends ExtensionHandler<EmptyRequestBody, P, M> {

    private final TrackedBackpressure tracked;

    JobBackpressureHandler(ExtensionRoutes routes, MessageHeaders<EmptyRequestBody, P, M> headers) {
        super(routes, headers);
        this.tracked = routes.backpressure();
    }

    /** What is asked of the extension. */
    interface Question<P> {
        /** Asks it, of the job whose graph that is. */
        CompletableFuture<P> ask(JobManagerExtensionGateway extension, AccessExecutionGraph graph);
    }

    /** Returns what a request asks, or throws if it makes no sense whatever the job is like. */
    abstract Question<P> question(HandlerRequest<EmptyRequestBody> request, JobID job)
            throws RestHandlerException;

    @Override
    protected final CompletableFuture<P> handleRequest(
            HandlerRequest<EmptyRequestBody> request, RestfulGateway leader)
            throws RestHandlerException {
        tracked.require();
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        Question<P> question = question(request, id);
        return recentJob(leader, id)
                .thenCompose(
                        job -> {
                            AccessExecutionGraph graph = job.require();
                            return extension(leader)
                                    .thenCompose(extension -> question.ask(extension, graph));
                        });
    }
}
