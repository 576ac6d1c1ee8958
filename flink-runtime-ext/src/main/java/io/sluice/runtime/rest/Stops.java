package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.dispatcher.DispatcherId;
import org.apache.flink.runtime.rest.handler.async.CompletedOperationCache;
import org.apache.flink.runtime.rest.handler.async.OperationResult;
import org.apache.flink.runtime.rest.handler.job.AsynchronousJobOperationKey;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.concurrent.FutureUtils;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import io.sluice.runtime.checkpoint.StopProgress;
import io.sluice.runtime.checkpoint.StopResult;
import io.sluice.runtime.checkpoint.StopWithCheckpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The stops with a checkpoint that this process was asked for. Of each job at most one is under
 * way, so that a request that comes twice does not stop it twice. Thread-safe.
 */
final class Stops {

    private static final Logger LOG = LoggerFactory.getLogger(Stops.class);

    private final CompletedOperationCache<AsynchronousJobOperationKey, StopResult> results;
    private final Map<JobID, UnderWay> underWay = new ConcurrentHashMap<>();
    private final Duration keepResults;

    /** Guarded by this. */
    private boolean closing;

    /**
     * A stop that has not ended.
     *
     * @param leader whose Dispatcher was asked for it
     */
    private record UnderWay(
            TriggerId trigger,
            StopWithCheckpoint.Request request,
            DispatcherId leader,
            StopProgress progress,
            CompletableFuture<StopResult> result) {}

    /**
     * @param keepResults how long the result of a stop is kept
     */
    Stops(Duration keepResults) {
        this.keepResults = keepResults;
        results = new CompletedOperationCache<>(keepResults);
    }

    /**
     * Begins a stop, unless the same one is under way, and returns its id.
     *
     * @param stopping begins it; what it throws is thrown, and there is no stop then
     */
    synchronized TriggerId begin(
            StopWithCheckpoint.Request request,
            DispatcherGateway leader,
            Function<StopProgress, CompletableFuture<StopResult>> stopping) {
        giveUpWithoutLeader(request.job(), leader);
        UnderWay before = underWay.get(request.job());
        if (before != null) {
            if (before.request().equals(request)) {
                return before.trigger();
            }
            throw ExtensionHandler.failure(
                    HttpResponseStatus.CONFLICT,
                    "Stop %s of job %s is under way, with other fields. Wait until it is done."
                            .formatted(before.trigger(), request.job()));
        }
        if (closing) {
            throw ExtensionHandler.failure(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "This JobManager is shutting down; job %s was not stopped. If 'flink list' shows later that it runs, stop it then."
                            .formatted(request.job()));
        }
        CompletableFuture<StopResult> result = new CompletableFuture<>();
        StopProgress progress = new StopProgress();
        UnderWay one =
                new UnderWay(new TriggerId(), request, leader.getFencingToken(), progress, result);
        CompletableFuture<StopResult> stop = stopping.apply(progress);
        underWay.put(request.job(), one);
        results.registerOngoingOperation(
                AsynchronousJobOperationKey.of(one.trigger(), request.job()),
                result.whenComplete((any, failure) -> underWay.remove(request.job(), one)));
        FutureUtils.forward(stop, result);
        return one.trigger();
    }

    /**
     * Returns how far a stop is; nothing if it is not known.
     *
     * @param leader that leads now
     */
    Optional<OperationResult<StopResult>> get(
            AsynchronousJobOperationKey key, DispatcherGateway leader) {
        giveUpWithoutLeader(key.getJobId(), leader);
        return results.get(key);
    }

    /**
     * A Dispatcher that leads no more does not answer, and if it died, nobody says so. Once the job
     * has ended nobody has to answer: what is left, this process does by itself.
     */
    private void giveUpWithoutLeader(JobID job, DispatcherGateway leader) {
        UnderWay one = underWay.get(job);
        if (one != null
                && !one.progress().hasJobEnded()
                && !one.leader().equals(leader.getFencingToken())) {
            one.result()
                    .completeExceptionally(
                            new FlinkException(
                                    "The JobManager that was stopping job %s leads no more, and whether the job has stopped is not known. If 'flink list' shows that it runs, stop it again.%s"
                                            .formatted(
                                                    job,
                                                    one.progress()
                                                            .checkpoint()
                                                            .map(path -> " Its checkpoint: " + path)
                                                            .orElse(""))));
        }
    }

    /**
     * Completes when the copies that are under way are made, and then the users have heard of all
     * results, or the time is over for which they are kept. Each copy may take as long as it takes;
     * a job that is yet to end, and whose end may never be known, is waited for as long as a result
     * is kept. No stop begins any more.
     */
    synchronized CompletableFuture<Void> closeAsync() {
        closing = true;
        List<CompletableFuture<?>> copies = new ArrayList<>();
        for (UnderWay one : underWay.values()) {
            String directory = one.request().exportDirectory();
            if (directory != null) {
                LOG.info(
                        "This process does not end before the checkpoint of job {} is copied to {}, if the job has stopped within {} s.",
                        one.request().job(),
                        directory,
                        keepResults.toSeconds());
                copies.add(copied(one));
            }
        }
        return CompletableFuture.allOf(copies.toArray(CompletableFuture[]::new))
                .thenCompose(copied -> results.closeAsync());
    }

    /** Completes when there is nothing to copy or it is copied, in whatever way that ended. */
    private CompletableFuture<?> copied(UnderWay one) {
        return CompletableFuture.anyOf(one.progress().jobEnded(), one.result())
                .orTimeout(keepResults.toMillis(), TimeUnit.MILLISECONDS)
                .handle((any, failure) -> one.progress().hasJobEnded())
                .thenCompose(
                        hasEnded ->
                                hasEnded
                                        ? one.result().handle((result, failure) -> true)
                                        : CompletableFuture.completedFuture(false));
    }
}
