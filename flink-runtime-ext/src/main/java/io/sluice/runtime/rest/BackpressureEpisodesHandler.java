package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.webmonitor.RestfulGateway;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Tells when subtasks of a job were held back. */
final class BackpressureEpisodesHandler
        extends ExtensionHandler<
                EmptyRequestBody, BackpressureEpisodesBody, BackpressureEpisodesParameters> {

    private final TrackedBackpressure tracked;

    BackpressureEpisodesHandler(ExtensionRoutes routes) {
        super(routes, new BackpressureEpisodesHeaders());
        this.tracked = routes.backpressure();
    }

    @Override
    protected CompletableFuture<BackpressureEpisodesBody> handleRequest(
            HandlerRequest<EmptyRequestBody> request, RestfulGateway leader)
            throws RestHandlerException {
        tracked.require();
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        String vertex =
                BackpressureHistoryParameters.first(
                        request.getQueryParameter(BackpressureEpisodesParameters.Vertex.class));
        String limit =
                BackpressureHistoryParameters.first(
                        request.getQueryParameter(BackpressureEpisodesParameters.Limit.class));
        int most = parsed(() -> BackpressureEpisodesParameters.limit(limit));
        return recentJob(leader, id)
                .thenCompose(
                        job -> {
                            AccessExecutionGraph graph = job.require();
                            requireVertex(graph, vertex);
                            return extension(leader)
                                    .thenCompose(
                                            extension ->
                                                    extension.requestEpisodes(
                                                            id, vertex, most, timeout))
                                    .thenApply(past -> BackpressureEpisodesBody.of(graph, past));
                        });
    }

    private static void requireVertex(AccessExecutionGraph graph, @Nullable String vertex) {
        Map<String, String> names = new TreeMap<>(BackpressureHistoryBody.namesOf(graph));
        if (vertex != null && !names.containsKey(vertex)) {
            throw failure(
                    HttpResponseStatus.NOT_FOUND,
                    "Job %s has no vertex %s. It has: %s."
                            .formatted(graph.getJobID(), vertex, names));
        }
    }
}
