package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/** Tells when subtasks of a job were held back. */
final class BackpressureEpisodesHandler
        extends JobBackpressureHandler<BackpressureEpisodesBody, BackpressureEpisodesParameters> {

    BackpressureEpisodesHandler(ExtensionRoutes routes) {
        super(routes, new BackpressureEpisodesHeaders());
    }

    @Override
    Question<BackpressureEpisodesBody> question(HandlerRequest<EmptyRequestBody> request, JobID job)
            throws RestHandlerException {
        String vertex =
                BackpressureHistoryParameters.first(
                        request.getQueryParameter(BackpressureEpisodesParameters.Vertex.class));
        String limit =
                BackpressureHistoryParameters.first(
                        request.getQueryParameter(BackpressureEpisodesParameters.Limit.class));
        int most = parsed(() -> BackpressureEpisodesParameters.limit(limit));
        return (extension, graph) -> {
            requireVertex(graph, vertex);
            return extension
                    .requestEpisodes(job, vertex, most, timeout)
                    .thenApply(past -> BackpressureEpisodesBody.of(graph, past));
        };
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
