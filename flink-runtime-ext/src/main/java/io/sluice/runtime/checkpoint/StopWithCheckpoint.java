package io.sluice.runtime.checkpoint;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.state.memory.NonPersistentMetadataCheckpointStorageLocation;
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
 * <p>If no checkpoint can be taken, or it could not be copied though it is to be, the job goes on.
 * Thread-safe.
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

    /**
     * A checkpoint that is good enough.
     *
     * @param sinceMillis when it was triggered, or before; a later one of the job is as good
     */
    private record Checkpoint(String path, boolean triggered, long sinceMillis) {}

    /**
     * Completes when the job has ended and its checkpoint is where it was asked to be.
     *
     * @param progress is told on the way
     */
    public CompletableFuture<StopResult> stop(
            DispatcherGateway dispatcher,
            AccessExecutionGraph graph,
            Request request,
            StopProgress progress) {
        JobID job = request.job();
        return checkpoint(dispatcher, graph, request)
                .thenApply(
                        checkpoint -> {
                            requirePersistent(job, checkpoint);
                            progress.checkpointIs(checkpoint.path());
                            return checkpoint;
                        })
                .thenCompose(
                        checkpoint ->
                                request.exportDirectory() == null
                                        ? CompletableFuture.completedFuture(checkpoint)
                                        : CompletableFuture.supplyAsync(
                                                () -> requireExportable(job, checkpoint), io))
                .thenCompose(
                        checkpoint ->
                                dispatcher
                                        .cancelJob(job, timeout)
                                        .thenCompose(
                                                any -> dispatcher.requestJobResult(job, UNLIMITED))
                                        .thenCompose(any -> dispatcher.requestJob(job, timeout))
                                        .handle(
                                                (ended, failure) ->
                                                        result(
                                                                job,
                                                                checkpoint,
                                                                ended,
                                                                failure,
                                                                progress)))
                .thenApplyAsync(result -> exported(request, result), io);
    }

    private CompletableFuture<Checkpoint> checkpoint(
            DispatcherGateway dispatcher, AccessExecutionGraph graph, Request request) {
        long nowMillis = clockMillis.getAsLong();
        CompletedCheckpointStats last = last(graph);
        if (last != null
                && Duration.ofMillis(nowMillis - last.getTriggerTimestamp())
                                .compareTo(request.maxAge())
                        <= 0) {
            return CompletableFuture.completedFuture(
                    new Checkpoint(
                            String.valueOf(last.getExternalPath()),
                            false,
                            last.getTriggerTimestamp()));
        }
        return dispatcher
                .triggerCheckpoint(request.job(), UNLIMITED)
                .handle(
                        (path, failure) -> {
                            if (failure != null) {
                                throw failed(
                                        "No checkpoint could be taken; job %s was not stopped."
                                                .formatted(request.job()),
                                        failure);
                            }
                            return new Checkpoint(path, true, nowMillis);
                        });
    }

    private static void requirePersistent(JobID job, Checkpoint checkpoint) {
        if (checkpoint
                .path()
                .equals(NonPersistentMetadataCheckpointStorageLocation.EXTERNAL_POINTER)) {
            throw failed(
                    "The checkpoints of job %s do not outlive its JobManager; it was not stopped. Set execution.checkpointing.dir and start it again, or stop it with a savepoint."
                            .formatted(job),
                    null);
        }
    }

    /** The checkpoint that is copied in the end may be a later one, but is most likely alike. */
    private static Checkpoint requireExportable(JobID job, Checkpoint checkpoint) {
        try {
            CheckpointExport.requireExportable(checkpoint.path());
            return checkpoint;
        } catch (UnsupportedStateException e) {
            throw failed("Job %s was not stopped. %s".formatted(job, e.getMessage()), null);
        } catch (IOException e) {
            throw failed(
                    "The checkpoint of job %s cannot be read to export it; the job was not stopped. Leave out the export, or stop it with a savepoint."
                            .formatted(job),
                    e);
        }
    }

    private static CompletionException failed(String message, @Nullable Throwable failure) {
        return new CompletionException(
                failure == null
                        ? new FlinkException(message)
                        : new FlinkException(
                                message, ExceptionUtils.stripCompletionException(failure)));
    }

    private static @Nullable CompletedCheckpointStats last(AccessExecutionGraph graph) {
        CheckpointStatsSnapshot stats = graph.getCheckpointStatsSnapshot();
        CompletedCheckpointStats last =
                stats == null ? null : stats.getHistory().getLatestCompletedCheckpoint();
        return last == null || last.isDiscarded() ? null : last;
    }

    private static StopResult result(
            JobID job,
            Checkpoint checkpoint,
            @Nullable AccessExecutionGraph ended,
            @Nullable Throwable failure,
            StopProgress progress) {
        if (ended == null) {
            throw failed(
                    "Job %s may not have stopped. Its checkpoint: %s"
                            .formatted(job, checkpoint.path()),
                    failure);
        }
        CompletedCheckpointStats last = last(ended);
        String path =
                last != null && last.getTriggerTimestamp() >= checkpoint.sinceMillis()
                        ? String.valueOf(last.getExternalPath())
                        : checkpoint.path();
        progress.checkpointIs(path);
        progress.jobHasEnded();
        if (ended.getState() == JobStatus.FINISHED) {
            throw failed(
                    "Job %s has finished by itself; it keeps no checkpoint.".formatted(job), null);
        }
        if (ended.getState() != JobStatus.CANCELED) {
            throw failed(
                    "Job %s is %s. Its last checkpoint was %s"
                            .formatted(job, ended.getState(), path),
                    null);
        }
        return new StopResult(path, checkpoint.triggered(), null, 0, null);
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
        } catch (Throwable e) { // Whatever it is: the user must hear where the checkpoint is.
            LOG.warn("Could not export {}.", result.checkpoint(), e);
            return result.notExported(e.toString());
        }
    }
}
