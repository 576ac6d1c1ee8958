package io.sluice.runtime.checkpoint;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Stops a job so that its last checkpoint is as good as a savepoint: takes one if the last is too
 * old, cancels the job, and copies the checkpoint where it is asked to.
 *
 * <p>If no checkpoint can be taken, the job goes on. Thread-safe.
 */
public final class StopWithCheckpoint {

    private static final Logger LOG = LoggerFactory.getLogger(StopWithCheckpoint.class);

    /** Flink bounds each checkpoint itself, and cancelling by the watchdog of the tasks. */
    private static final Duration UNLIMITED = Duration.ofDays(7);

    private final Duration timeout;
    private final Executor io;
    private final LongSupplier clockMillis;

    /**
     * What is asked for.
     *
     * @param maxAge of a checkpoint that is good enough
     * @param exportDirectory where a copy is to be, if any
     */
    public record Request(JobID job, Duration maxAge, @Nullable String exportDirectory) {}

    /**
     * @param timeout of a question to the Dispatcher
     * @param io for the copying, which blocks
     * @param clockMillis since 1970
     */
    public StopWithCheckpoint(Duration timeout, Executor io, LongSupplier clockMillis) {
        this.timeout = timeout;
        this.io = io;
        this.clockMillis = clockMillis;
    }

    /** Completes when the job has ended and its checkpoint is where it was asked to be. */
    public CompletableFuture<StopResult> stop(
            DispatcherGateway dispatcher, AccessExecutionGraph graph, Request request) {
        boolean fresh = isFresh(graph, request.maxAge());
        CompletableFuture<?> checkpointed =
                fresh
                        ? CompletableFuture.completedFuture(null)
                        : dispatcher.triggerCheckpoint(request.job(), UNLIMITED);
        return checkpointed
                .handle(
                        (path, failure) -> {
                            if (failure != null) {
                                throw new CompletionException(
                                        new FlinkException(
                                                "The checkpoint failed; job %s goes on."
                                                        .formatted(request.job()),
                                                ExceptionUtils.stripCompletionException(failure)));
                            }
                            return path;
                        })
                .thenCompose(any -> dispatcher.cancelJob(request.job(), timeout))
                .thenCompose(any -> dispatcher.requestJobResult(request.job(), UNLIMITED))
                .thenCompose(any -> dispatcher.requestJob(request.job(), timeout))
                .thenApply(ended -> result(ended, !fresh))
                .thenApplyAsync(result -> exported(request, result), io);
    }

    private boolean isFresh(AccessExecutionGraph graph, Duration maxAge) {
        CompletedCheckpointStats last = last(graph);
        return last != null
                && clockMillis.getAsLong() - last.getTriggerTimestamp() <= maxAge.toMillis();
    }

    private static @Nullable CompletedCheckpointStats last(AccessExecutionGraph graph) {
        CheckpointStatsSnapshot stats = graph.getCheckpointStatsSnapshot();
        CompletedCheckpointStats last =
                stats == null ? null : stats.getHistory().getLatestCompletedCheckpoint();
        return last == null || last.isDiscarded() ? null : last;
    }

    private static StopResult result(AccessExecutionGraph graph, boolean triggered) {
        CompletedCheckpointStats last = last(graph);
        if (graph.getState() != JobStatus.CANCELED || last == null) {
            throw new CompletionException(
                    new FlinkException(
                            "Job %s is %s%s."
                                    .formatted(
                                            graph.getJobID(),
                                            graph.getState(),
                                            last == null
                                                    ? " and has no checkpoint"
                                                    : "; its last checkpoint was "
                                                            + last.getExternalPath())));
        }
        return new StopResult(String.valueOf(last.getExternalPath()), triggered, null, 0, null);
    }

    /** The job has ended, so a failed copy is told beside the checkpoint, which is there. */
    private static StopResult exported(Request request, StopResult result) {
        if (request.exportDirectory() == null) {
            return result;
        }
        try {
            return result.exported(
                    CheckpointExport.export(
                            result.checkpoint(),
                            request.exportDirectory(),
                            "checkpoint-" + request.job()));
        } catch (IOException | RuntimeException e) {
            LOG.warn("Could not export {}.", result.checkpoint(), e);
            return result.notExported(e.toString());
        }
    }
}
