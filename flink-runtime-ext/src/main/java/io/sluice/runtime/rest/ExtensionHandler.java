package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.rest.handler.AbstractRestHandler;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.handler.RestHandlerException.LoggingBehavior;
import org.apache.flink.runtime.rest.handler.legacy.ExecutionGraphCache;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.scheduler.ExecutionGraphInfo;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.sluice.rpc.ExtensionAddress;
import org.apache.flink.sluice.rpc.JobManagerExtensionGateway;
import org.apache.flink.util.ExceptionUtils;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** A handler that asks the extension of the leading JobManager. Thread-safe. */
abstract class ExtensionHandler<
                R extends RequestBody, P extends ResponseBody, M extends MessageParameters>
        extends AbstractRestHandler<RestfulGateway, R, P, M> {

    private final RpcService rpcService;
    private final ExecutionGraphCache graphs;

    ExtensionHandler(ExtensionRoutes routes, MessageHeaders<R, P, M> headers) {
        super(routes.leaders(), routes.timeout(), routes.responseHeaders(), headers);
        this.rpcService = routes.rpcService();
        this.graphs = routes.graphs();
    }

    final CompletableFuture<JobManagerExtensionGateway> extension(RestfulGateway leader) {
        return rpcService.connect(
                ExtensionAddress.ofJobManager(leader), JobManagerExtensionGateway.class);
    }

    /**
     * What Flink knows of a job.
     *
     * @param graph null if it does not know it
     */
    record Job(JobID id, @Nullable AccessExecutionGraph graph) {

        AccessExecutionGraph require() {
            if (graph == null) {
                throw failure(
                        HttpResponseStatus.NOT_FOUND, "There is no job %s here.".formatted(id));
            }
            return graph;
        }

        boolean hasEnded() {
            return graph == null || graph.getState().isGloballyTerminalState();
        }

        boolean isRunningWithAllTasks() {
            return graph != null
                    && graph.getState() == JobStatus.RUNNING
                    && StreamSupport.stream(graph.getAllExecutionVertices().spliterator(), false)
                            .allMatch(
                                    vertex ->
                                            vertex.getExecutionState() == ExecutionState.RUNNING
                                                    || vertex.getExecutionState()
                                                            == ExecutionState.FINISHED);
        }

        String describe() {
            return graph == null ? "gone" : graph.getState().name();
        }
    }

    final CompletableFuture<Job> job(RestfulGateway leader, JobID id) {
        return job(id, leader.requestJob(id, timeout));
    }

    /** As {@link #job(RestfulGateway, JobID)}, but cheap: what it was some seconds ago will do. */
    final CompletableFuture<Job> recentJob(RestfulGateway leader, JobID id) {
        return job(
                id,
                graphs.getExecutionGraphInfo(id, leader)
                        .thenApply(ExecutionGraphInfo::getArchivedExecutionGraph));
    }

    private static CompletableFuture<Job> job(
            JobID id, CompletableFuture<? extends AccessExecutionGraph> known) {
        return known.handle(
                (graph, failure) -> {
                    if (failure == null) {
                        return new Job(id, graph);
                    }
                    if (ExceptionUtils.findThrowable(failure, FlinkJobNotFoundException.class)
                            .isPresent()) {
                        return new Job(id, null);
                    }
                    throw new CompletionException(ExceptionUtils.stripCompletionException(failure));
                });
    }

    /**
     * Returns what a request asks for.
     *
     * @param request throws {@link IllegalArgumentException} if it makes no sense
     */
    static <T> T parsed(Supplier<T> request) throws RestHandlerException {
        try {
            return request.get();
        } catch (IllegalArgumentException e) {
            throw new RestHandlerException(
                    String.valueOf(e.getMessage()),
                    HttpResponseStatus.BAD_REQUEST,
                    LoggingBehavior.IGNORE);
        }
    }

    /** An answer that says what to change; not an error of ours, so it is not logged. */
    static CompletionException failure(HttpResponseStatus status, String message) {
        return new CompletionException(
                new RestHandlerException(message, status, LoggingBehavior.IGNORE));
    }
}
