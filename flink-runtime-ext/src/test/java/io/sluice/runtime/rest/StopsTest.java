package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.dispatcher.DispatcherId;
import org.apache.flink.runtime.rest.handler.async.OperationResult;
import org.apache.flink.runtime.rest.handler.async.OperationResultStatus;
import org.apache.flink.runtime.rest.handler.job.AsynchronousJobOperationKey;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.util.concurrent.FutureUtils;

import io.sluice.runtime.checkpoint.StopProgress;
import io.sluice.runtime.checkpoint.StopResult;
import io.sluice.runtime.checkpoint.StopWithCheckpoint.Request;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which requests are one stop, and which end nobody tells of. */
class StopsTest {

    private static final JobID JOB = new JobID(0, 1);
    private static final Request REQUEST = new Request(JOB, Duration.ZERO, null);
    private static final Request OTHER = new Request(JOB, Duration.ZERO, "file:/exports");

    private final DispatcherGateway leader = leader();
    private final Stops stops = new Stops(Duration.ofMinutes(5));
    private final List<CompletableFuture<StopResult>> begun = new ArrayList<>();
    private final List<StopProgress> progresses = new ArrayList<>();

    @Test
    void requestThatComesTwiceIsOneStop() {
        TriggerId first = begin(REQUEST, leader);
        TriggerId second = begin(REQUEST, leader);

        assertThat(second).isEqualTo(first);
        assertThat(begun).hasSize(1);
    }

    @Test
    void otherRequestIsToldOfTheStopThatIsUnderWay() {
        TriggerId first = begin(REQUEST, leader);

        assertThatThrownBy(() -> begin(OTHER, leader))
                .hasMessageEndingWith(
                        "Stop %s of job %s is under way, with other fields. Wait until it is done."
                                .formatted(first, JOB));
        assertThat(begun).hasSize(1);
    }

    @Test
    void jobMayBeStoppedAgainAfterAStopThatFailed() {
        TriggerId first = begin(REQUEST, leader);
        begun.get(0).completeExceptionally(new IllegalStateException("no checkpoint"));
        TriggerId second = begin(REQUEST, leader);

        assertThat(second).isNotEqualTo(first);
        assertThat(begun).hasSize(2);
        assertThat(status(first, leader).getStatus()).isEqualTo(OperationResultStatus.FAILURE);
        assertThat(status(second, leader).getStatus()).isEqualTo(OperationResultStatus.IN_PROGRESS);
    }

    @Test
    void refusedStopIsNoneAtAll() {
        assertThatThrownBy(
                        () ->
                                stops.begin(
                                        REQUEST,
                                        leader,
                                        progress -> {
                                            throw new IllegalStateException("not running");
                                        }))
                .hasMessage("not running");

        begin(OTHER, leader);

        assertThat(begun).hasSize(1);
    }

    @Test
    void stopIsGivenUpWhenAnotherJobManagerLeads() {
        TriggerId trigger = begin(REQUEST, leader);

        OperationResult<StopResult> status = status(trigger, leader());

        assertThat(status.getStatus()).isEqualTo(OperationResultStatus.FAILURE);
        assertThat(status.getThrowable())
                .rootCause()
                .hasMessage(
                        "The JobManager that was stopping job %s leads no more, and whether the job has stopped is not known. If 'flink list' shows that it runs, stop it again."
                                .formatted(JOB));
    }

    @Test
    void stopThatIsGivenUpIsToldWithItsCheckpoint() {
        TriggerId trigger = begin(REQUEST, leader);
        progresses.get(0).checkpointIs("file:/checkpoints/chk-7");

        OperationResult<StopResult> status = status(trigger, leader());

        assertThat(status.getThrowable())
                .rootCause()
                .hasMessage(
                        "The JobManager that was stopping job %s leads no more, and whether the job has stopped is not known. If 'flink list' shows that it runs, stop it again. Its checkpoint: file:/checkpoints/chk-7"
                                .formatted(JOB));
    }

    @Test
    void copyOfAJobThatHasEndedGoesOnWhoeverLeads() {
        TriggerId trigger = begin(OTHER, leader);
        progresses.get(0).jobHasEnded();
        StopResult result = new StopResult("file:/chk-7", true, "file:/exports/copy", 1, null);

        OperationResultStatus copying = status(trigger, leader()).getStatus();
        TriggerId again = begin(OTHER, leader());
        begun.get(0).complete(result);

        assertThat(copying).isEqualTo(OperationResultStatus.IN_PROGRESS);
        assertThat(again).isEqualTo(trigger);
        assertThat(status(trigger, leader()).getResult()).isEqualTo(result);
    }

    @Test
    void jobMayBeStoppedAgainUnderAnotherJobManager() {
        begin(REQUEST, leader);
        DispatcherGateway next = leader();

        TriggerId second = begin(OTHER, next);

        assertThat(begun).hasSize(2);
        assertThat(status(second, next).getStatus()).isEqualTo(OperationResultStatus.IN_PROGRESS);
    }

    @Test
    void resultStaysWhoeverLeads() {
        TriggerId trigger = begin(REQUEST, leader);
        StopResult result = new StopResult("file:/checkpoints/chk-7", true, null, 0, null);
        begun.get(0).complete(result);

        assertThat(status(trigger, leader()).getResult()).isEqualTo(result);
    }

    @Test
    void processDoesNotEndBeforeACopyIsMadeHoweverLongThatTakes() {
        Stops shortLived = new Stops(Duration.ZERO);
        CompletableFuture<StopResult> stop = new CompletableFuture<>();
        shortLived.begin(
                OTHER,
                leader,
                progress -> {
                    progress.jobHasEnded();
                    return stop;
                });

        CompletableFuture<Void> closed = shortLived.closeAsync();
        CompletableFuture<Void> later =
                FutureUtils.orTimeout(new CompletableFuture<>(), 1, TimeUnit.MILLISECONDS, "");
        assertThatThrownBy(later::join).hasRootCauseInstanceOf(TimeoutException.class);
        boolean closedBefore = closed.isDone();
        stop.complete(new StopResult("file:/chk-7", true, "file:/exports/copy", 1, null));

        assertThat(closedBefore).isFalse();
        assertThatThrownBy(closed::join)
                .hasRootCauseMessage(
                        "Waiting for results to be accessed timed out after 0 seconds.");
    }

    @Test
    void processEndsThoughTheEndOfAJobThatIsToBeCopiedIsNeverKnown() {
        Stops shortLived = new Stops(Duration.ZERO);
        shortLived.begin(OTHER, leader, progress -> new CompletableFuture<>());

        CompletableFuture<Void> closed = shortLived.closeAsync();

        assertThatThrownBy(closed::join)
                .hasRootCauseMessage(
                        "Waiting for results to be accessed timed out after 0 seconds.");
    }

    @Test
    void noStopBeginsWhileTheProcessEnds() {
        CompletableFuture<Void> closed = stops.closeAsync();

        assertThat(closed).isCompleted();
        assertThatThrownBy(() -> begin(REQUEST, leader))
                .hasMessageEndingWith(
                        "This JobManager is shutting down; job %s was not stopped. If 'flink list' shows later that it runs, stop it then."
                                .formatted(JOB));
        assertThat(begun).isEmpty();
    }

    private TriggerId begin(Request request, DispatcherGateway by) {
        return stops.begin(
                request,
                by,
                progress -> {
                    CompletableFuture<StopResult> stop = new CompletableFuture<>();
                    begun.add(stop);
                    progresses.add(progress);
                    return stop;
                });
    }

    private OperationResult<StopResult> status(TriggerId trigger, DispatcherGateway now) {
        return stops.get(AsynchronousJobOperationKey.of(trigger, JOB), now).orElseThrow();
    }

    /** A Dispatcher of a session of its own, which it tells. */
    private static DispatcherGateway leader() {
        DispatcherId session = DispatcherId.generate();
        return (DispatcherGateway)
                Proxy.newProxyInstance(
                        StopsTest.class.getClassLoader(),
                        new Class<?>[] {DispatcherGateway.class},
                        (proxy, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("getFencingToken");
                            return session;
                        });
    }
}
