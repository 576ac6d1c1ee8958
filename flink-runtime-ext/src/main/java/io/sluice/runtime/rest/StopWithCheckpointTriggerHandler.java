package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.checkpoint.CheckpointRetentionPolicy;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.jobgraph.tasks.CheckpointCoordinatorConfiguration;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.handler.async.TriggerResponse;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.util.TernaryBoolean;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import io.sluice.runtime.checkpoint.StopWithCheckpoint;

import java.util.concurrent.CompletableFuture;

/** Stops a job with its last checkpoint; what becomes of it is told by the status. */
final class StopWithCheckpointTriggerHandler
        extends ExtensionHandler<
                StopWithCheckpointRequestBody, TriggerResponse, JobMessageParameters> {

    private final StopWithCheckpoint stopping;
    private final Stops stops;

    StopWithCheckpointTriggerHandler(
            ExtensionRoutes routes, StopWithCheckpoint stopping, Stops stops) {
        super(routes, new StopWithCheckpointTriggerHeaders());
        this.stopping = stopping;
        this.stops = stops;
    }

    @Override
    protected CompletableFuture<TriggerResponse> handleRequest(
            HandlerRequest<StopWithCheckpointRequestBody> request, RestfulGateway leader)
            throws RestHandlerException {
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        StopWithCheckpoint.Request wanted = parsed(() -> request.getRequestBody().toRequest(id));
        return job(leader, id)
                .thenApply(
                        job -> {
                            AccessExecutionGraph graph = job.require();
                            DispatcherGateway dispatcher = (DispatcherGateway) leader;
                            return new TriggerResponse(
                                    stops.begin(
                                            wanted,
                                            dispatcher,
                                            progress -> {
                                                requireStoppable(job, graph, wanted);
                                                return stopping.stop(
                                                        dispatcher, graph, wanted, progress);
                                            }));
                        });
    }

    private static void requireStoppable(
            Job job, AccessExecutionGraph graph, StopWithCheckpoint.Request wanted) {
        if (!job.isRunningWithAllTasks()) {
            throw failure(
                    HttpResponseStatus.CONFLICT,
                    "Job %s is %s, not all of its tasks run: no checkpoint can be taken."
                            .formatted(job.id(), job.describe()));
        }
        CheckpointCoordinatorConfiguration checkpoints =
                graph.getCheckpointCoordinatorConfiguration();
        if (checkpoints == null || !checkpoints.isCheckpointingEnabled()) {
            throw failure(
                    HttpResponseStatus.CONFLICT,
                    "Job %s takes no checkpoints. Set execution.checkpointing.interval, or stop it with a savepoint."
                            .formatted(job.id()));
        }
        if (checkpoints.getCheckpointRetentionPolicy()
                != CheckpointRetentionPolicy.RETAIN_ON_CANCELLATION) {
            throw failure(
                    HttpResponseStatus.CONFLICT,
                    "The checkpoints of job %s would be deleted when it stops. Set execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION and start it again, or stop it with a savepoint."
                            .formatted(job.id()));
        }
        if (wanted.exportDirectory() != null
                && graph.isChangelogStateBackendEnabled() == TernaryBoolean.TRUE) {
            throw failure(
                    HttpResponseStatus.CONFLICT,
                    "The checkpoints of job %s cannot be exported, because its state has a changelog. Stop it without an export, or with a savepoint."
                            .formatted(job.id()));
        }
    }
}
