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
import java.util.function.Supplier;

/**
 * The stops with a checkpoint that this process was asked for. Of each job at most one is under
 * way, so that a request that comes twice does not stop it twice. Thread-safe.
 */
final class Stops {

    private static final Logger LOG = LoggerFactory.getLogger(Stops.class);

    private final CompletedOperationCache<AsynchronousJobOperationKey, StopResult> results;
    private final Map<JobID, UnderWay> underWay = new ConcurrentHashMap<>();

    /**
     * A stop that has not ended.
     *
     * @param leader whose Dispatcher was asked for it
     */
    private record UnderWay(
            TriggerId trigger,
            StopWithCheckpoint.Request request,
            DispatcherId leader,
            CompletableFuture<StopResult> result) {}

    /**
     * @param keepResults how long the result of a stop is kept
     */
    Stops(Duration keepResults) {
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
            Supplier<CompletableFuture<StopResult>> stopping) {
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
        CompletableFuture<StopResult> result = new CompletableFuture<>();
        UnderWay one = new UnderWay(new TriggerId(), request, leader.getFencingToken(), result);
        CompletableFuture<StopResult> stop = stopping.get();
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

    /** A Dispatcher that leads no more does not answer, and if it died, nobody says so. */
    private void giveUpWithoutLeader(JobID job, DispatcherGateway leader) {
        UnderWay one = underWay.get(job);
        if (one != null && !one.leader().equals(leader.getFencingToken())) {
            one.result()
                    .completeExceptionally(
                            new FlinkException(
                                    "The JobManager that was stopping job %s leads no more, and whether the job has stopped is not known. If 'flink list' shows that it runs, stop it again."
                                            .formatted(job)));
        }
    }

    /**
     * Completes when the copies that are under way are made, and then the users have heard of all
     * results, or the time is over for which they are kept.
     */
    CompletableFuture<Void> closeAsync() {
        List<CompletableFuture<?>> copies = new ArrayList<>();
        for (UnderWay one : underWay.values()) {
            String directory = one.request().exportDirectory();
            if (directory != null) {
                LOG.info(
                        "This process does not end before job {} has stopped and its checkpoint is copied to {}.",
                        one.request().job(),
                        directory);
                copies.add(one.result().handle((result, failure) -> failure));
            }
        }
        return CompletableFuture.allOf(copies.toArray(CompletableFuture[]::new))
                .thenCompose(copied -> results.closeAsync());
    }
}
