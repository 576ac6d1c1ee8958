package io.sluice.runtime.checkpoint;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.ArchivedExecutionGraph;
import org.apache.flink.runtime.messages.Acknowledge;
import org.apache.flink.runtime.state.memory.NonPersistentMetadataCheckpointStorageLocation;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What becomes of the job and of the path of its checkpoint when something fails on the way. */
class StopWithCheckpointTest {

    private static final JobID JOB = new JobID(0, 1);
    private static final String PATH = "file:/checkpoints/chk-7";
    private static final String CANCEL = "cancelJob";

    private final Map<String, CompletableFuture<?>> answers = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final StopWithCheckpoint stopping =
            new StopWithCheckpoint(Duration.ofSeconds(1), Runnable::run, () -> 1_000);

    StopWithCheckpointTest() {
        answers.put("triggerCheckpoint", CompletableFuture.completedFuture(PATH));
        answers.put(CANCEL, CompletableFuture.completedFuture(Acknowledge.get()));
        answers.put("requestJobResult", CompletableFuture.completedFuture(null));
        ends(JobStatus.CANCELED);
    }

    @Test
    void pathIsThatOfTheTakenCheckpointIfTheEndedJobRemembersNone() {
        StopResult result = stop().join();

        assertThat(result).isEqualTo(new StopResult(PATH, true, null, 0, null));
    }

    @Test
    void jobGoesOnIfNoCheckpointCanBeTaken() {
        answers.put(
                "triggerCheckpoint",
                CompletableFuture.failedFuture(new IllegalStateException("no slot")));

        assertThatThrownBy(() -> stop().join())
                .hasMessageContaining(
                        "No checkpoint could be taken; job %s was not stopped.".formatted(JOB))
                .rootCause()
                .hasMessage("no slot");
        assertThat(calls).doesNotContain(CANCEL);
    }

    @Test
    void jobGoesOnIfItsCheckpointWouldDieWithTheJobManager() {
        answers.put(
                "triggerCheckpoint",
                CompletableFuture.completedFuture(
                        NonPersistentMetadataCheckpointStorageLocation.EXTERNAL_POINTER));

        assertThatThrownBy(() -> stop().join())
                .hasMessageContaining("Set execution.checkpointing.dir and start it again");
        assertThat(calls).doesNotContain(CANCEL);
    }

    @Test
    void pathIsToldIfTheEndIsNotSeen() {
        answers.put(
                "requestJobResult",
                CompletableFuture.failedFuture(new IllegalStateException("leader changed")));

        assertThatThrownBy(() -> stop().join())
                .hasMessageContaining(
                        "Job %s may not have stopped. Its checkpoint: %s".formatted(JOB, PATH));
    }

    @Test
    void jobThatFailedMeanwhileIsToldWithItsCheckpoint() {
        ends(JobStatus.FAILED);

        assertThatThrownBy(() -> stop().join())
                .hasMessageContaining(
                        "Job %s is FAILED. Its last checkpoint was %s".formatted(JOB, PATH));
    }

    private CompletableFuture<StopResult> stop() {
        return stopping.stop(
                (DispatcherGateway)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {DispatcherGateway.class},
                                (proxy, method, arguments) -> {
                                    calls.add(method.getName());
                                    return answers.get(method.getName());
                                }),
                graph(JobStatus.RUNNING),
                new StopWithCheckpoint.Request(JOB, Duration.ZERO, null));
    }

    private void ends(JobStatus status) {
        answers.put("requestJob", CompletableFuture.completedFuture(graph(status)));
    }

    private static AccessExecutionGraph graph(JobStatus status) {
        return ArchivedExecutionGraph.createSparseArchivedExecutionGraph(
                JOB, "job", status, null, null, null, 0);
    }
}
