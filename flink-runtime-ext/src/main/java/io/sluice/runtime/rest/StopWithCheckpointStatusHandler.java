package io.sluice.runtime.rest;

import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.async.OperationResult;
import org.apache.flink.runtime.rest.handler.job.AsynchronousJobOperationKey;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.runtime.rest.messages.TriggerIdPathParameter;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusMessageParameters;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.util.ExceptionUtils;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import io.sluice.runtime.checkpoint.StopResult;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Tells how far the stop of a job is. */
final class StopWithCheckpointStatusHandler
        extends ExtensionHandler<
                EmptyRequestBody, StopWithCheckpointBody, SavepointStatusMessageParameters> {

    private final Stops stops;

    StopWithCheckpointStatusHandler(ExtensionRoutes routes, Stops stops) {
        super(routes, new StopWithCheckpointStatusHeaders());
        this.stops = stops;
    }

    /**
     * The process does not end before its users have heard of their stops: the JobManager of an
     * application ends with its job. It is this handler that must stay, to tell them.
     */
    @Override
    protected CompletableFuture<Void> closeHandlerAsync() {
        return stops.closeAsync();
    }

    @Override
    protected CompletableFuture<StopWithCheckpointBody> handleRequest(
            HandlerRequest<EmptyRequestBody> request, RestfulGateway leader) {
        TriggerId trigger = request.getPathParameter(TriggerIdPathParameter.class);
        AsynchronousJobOperationKey key =
                AsynchronousJobOperationKey.of(
                        trigger, request.getPathParameter(JobIDPathParameter.class));
        Optional<OperationResult<StopResult>> stop = stops.get(key, (DispatcherGateway) leader);
        if (stop.isEmpty()) {
            return CompletableFuture.failedFuture(
                    failure(
                            HttpResponseStatus.NOT_FOUND,
                            "Nothing is known of stop %s of job %s: it was asked of another JobManager, which may have died, or a while ago. If 'flink list' shows that the job runs, stop it again."
                                    .formatted(trigger, key.getJobId())));
        }
        return CompletableFuture.completedFuture(body(trigger.toString(), stop.get()));
    }

    private static StopWithCheckpointBody body(String trigger, OperationResult<StopResult> stop) {
        return switch (stop.getStatus()) {
            case IN_PROGRESS -> StopWithCheckpointBody.inProgress(trigger);
            case SUCCESS -> StopWithCheckpointBody.stopped(trigger, stop.getResult());
            case FAILURE ->
                    StopWithCheckpointBody.failed(
                            trigger,
                            message(ExceptionUtils.stripCompletionException(stop.getThrowable())));
        };
    }

    /** Returns what happened and why. */
    private static String message(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null
                ? String.valueOf(failure.getMessage())
                : "%s %s".formatted(failure.getMessage(), cause);
    }
}
