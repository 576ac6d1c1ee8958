package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.handler.async.TriggerResponse;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.sluice.rpc.MigrationAnswer;
import org.apache.flink.sluice.rpc.StateMigration;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Starts a migration of state; the TaskManagers hear of it after the answer. */
final class StateMigrationTriggerHandler
        extends ExtensionHandler<StateMigrationRequestBody, TriggerResponse, JobMessageParameters> {

    StateMigrationTriggerHandler(ExtensionRoutes routes) {
        super(routes, new StateMigrationTriggerHeaders());
    }

    @Override
    protected CompletableFuture<TriggerResponse> handleRequest(
            HandlerRequest<StateMigrationRequestBody> request, RestfulGateway leader)
            throws RestHandlerException {
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        TriggerId trigger = new TriggerId();
        StateMigration migration = parsed(() -> request.getRequestBody().toMigration(trigger, id));
        return job(leader, id)
                .thenCompose(
                        job -> {
                            requireRunning(job);
                            requireVertices(migration, job.require());
                            return extension(leader);
                        })
                .thenCompose(extension -> extension.startMigration(migration, timeout))
                .thenApply(
                        answer -> {
                            requireAccepted(answer);
                            return new TriggerResponse(trigger);
                        });
    }

    private static void requireRunning(Job job) {
        job.require();
        if (job.hasEnded()) {
            throw failure(
                    HttpResponseStatus.CONFLICT,
                    "Job %s is %s: its state cannot be moved any more."
                            .formatted(job.id(), job.describe()));
        }
    }

    private static void requireVertices(StateMigration migration, AccessExecutionGraph graph) {
        Map<String, String> vertices = new TreeMap<>();
        for (AccessExecutionJobVertex vertex : graph.getVerticesTopologically()) {
            vertices.put(vertex.getJobVertexId().toHexString(), vertex.getName());
        }
        for (String vertex : migration.vertices()) {
            if (!vertices.containsKey(vertex)) {
                throw failure(
                        HttpResponseStatus.NOT_FOUND,
                        "Job %s has no vertex %s. It has: %s."
                                .formatted(migration.job(), vertex, vertices));
            }
        }
    }

    private static void requireAccepted(MigrationAnswer answer) {
        switch (answer.outcome()) {
            case ACCEPTED -> {}
            case UNKNOWN_TASK_MANAGER ->
                    throw failure(HttpResponseStatus.NOT_FOUND, answer.message());
            case BUSY, NOTHING_TO_MOVE, PINNED ->
                    throw failure(HttpResponseStatus.CONFLICT, answer.message());
        }
    }
}
