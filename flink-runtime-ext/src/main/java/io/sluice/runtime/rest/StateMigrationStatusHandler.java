package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.runtime.rest.messages.TriggerIdPathParameter;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusMessageParameters;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.sluice.rpc.JobState;
import org.apache.flink.sluice.rpc.StateMigration;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import io.sluice.runtime.migration.MigrationRules;
import io.sluice.runtime.migration.MigrationRules.Status;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;

/** Tells how far a migration of state is. */
final class StateMigrationStatusHandler
        extends ExtensionHandler<
                EmptyRequestBody, StateMigrationBody, SavepointStatusMessageParameters> {

    StateMigrationStatusHandler(ExtensionRoutes routes) {
        super(routes, new StateMigrationStatusHeaders());
    }

    @Override
    protected CompletableFuture<StateMigrationBody> handleRequest(
            HandlerRequest<EmptyRequestBody> request, RestfulGateway leader) {
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        TriggerId trigger = request.getPathParameter(TriggerIdPathParameter.class);
        CompletableFuture<Job> job = job(leader, id);
        return extension(leader)
                .thenCompose(extension -> extension.requestJobState(id, timeout))
                .thenCombine(job, (state, known) -> body(known, state, trigger));
    }

    private static StateMigrationBody body(Job job, JobState state, TriggerId trigger) {
        StateMigration migration = state.migration();
        if (migration == null) {
            job.require();
        }
        if (migration == null || !migration.trigger().equals(trigger.toString())) {
            throw failure(
                    HttpResponseStatus.NOT_FOUND,
                    "Job %s has no state migration %s; %s."
                            .formatted(
                                    job.id(),
                                    trigger,
                                    migration == null
                                            ? "it had none yet"
                                            : "its last is " + migration.trigger()));
        }
        Status status =
                MigrationRules.status(
                        migration, state, job.isRunningWithAllTasks(), job.hasEnded());
        return StateMigrationBody.of(
                migration,
                state,
                job.hasEnded() ? state.lastProgress() : state.taskManagers(),
                status,
                message(job, state, status));
    }

    private static @Nullable String message(Job job, JobState state, Status status) {
        if (job.hasEnded()) {
            return "Job %s is %s: its state is not moved any more."
                    .formatted(job.id(), job.describe());
        }
        if (!job.isRunningWithAllTasks()) {
            return "Job %s is %s, or some of its tasks do not run yet: the migration goes on when they do."
                    .formatted(job.id(), job.describe());
        }
        if (status == Status.FAILED && state.lastProgress().isEmpty()) {
            return "Nothing is left to move: the tasks that were meant have finished, or run in other TaskManagers.";
        }
        if (status == Status.IN_PROGRESS && !state.silent().isEmpty()) {
            return "Some TaskManagers do not answer.";
        }
        return null;
    }
}
