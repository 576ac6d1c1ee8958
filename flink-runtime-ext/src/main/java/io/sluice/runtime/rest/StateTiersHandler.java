package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.webmonitor.RestfulGateway;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import java.util.concurrent.CompletableFuture;

/** Tells where the state of a job lives. */
final class StateTiersHandler
        extends ExtensionHandler<EmptyRequestBody, StateTiersBody, JobMessageParameters> {

    StateTiersHandler(ExtensionRoutes routes) {
        super(routes, new StateTiersHeaders());
    }

    @Override
    protected CompletableFuture<StateTiersBody> handleRequest(
            HandlerRequest<EmptyRequestBody> request, RestfulGateway leader) {
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        return job(leader, id)
                .thenCompose(
                        job -> {
                            job.require();
                            return extension(leader)
                                    .thenCompose(
                                            extension -> extension.requestJobState(id, timeout))
                                    .thenApply(
                                            state -> {
                                                StateTiersBody body =
                                                        StateTiersBody.of(id.toHexString(), state);
                                                requireState(job, body);
                                                return body;
                                            });
                        });
    }

    private static void requireState(Job job, StateTiersBody body) {
        if (job.isRunningWithAllTasks() && body.subtasks().isEmpty() && body.silent().isEmpty()) {
            throw failure(
                    HttpResponseStatus.CONFLICT,
                    "Job %s has no adaptive state. Set state.backend.type: adaptive, and restart the job from a savepoint."
                            .formatted(job.id()));
        }
    }
}
