package io.sluice.runtime.checkpoint;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.StateObjectCollection;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.ArchivedExecutionGraph;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.messages.Acknowledge;
import org.apache.flink.runtime.state.InputChannelStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle.ChangelogStateBackendHandleImpl;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.flink.runtime.state.memory.NonPersistentMetadataCheckpointStorageLocation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final StopProgress progress = new StopProgress();

    StopWithCheckpointTest() {
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
    void dispatcherIsNeededUntilTheJobIsKnownToHaveEnded() {
        CompletableFuture<Object> end = new CompletableFuture<>();
        answers.put("requestJobResult", end);

        CompletableFuture<StopResult> stop = stop();
        boolean hadEnded = progress.hasJobEnded();
        Optional<String> checkpoint = progress.checkpoint();
        end.complete(null);

        assertThat(hadEnded).isFalse();
        assertThat(checkpoint).hasValue(PATH);
        assertThat(stop).isCompleted();
        assertThat(progress.hasJobEnded()).isTrue();
    }

    @Test
    void jobThatFailedMeanwhileIsToldWithItsCheckpoint() {
        ends(JobStatus.FAILED);

        assertThatThrownBy(() -> stop().join())
                .hasMessageContaining(
                        "Job %s is FAILED. Its last checkpoint was %s".formatted(JOB, PATH));
    }

    @Test
    void jobGoesOnIfItsCheckpointHasRecordsInFlightAndIsToBeExported(@TempDir Path directory)
            throws Exception {
        OperatorSubtaskState state =
                OperatorSubtaskState.builder()
                        .setInputChannelState(
                                StateObjectCollection.singleton(
                                        new InputChannelStateHandle(
                                                new InputChannelInfo(0, 0),
                                                new ByteStreamStateHandle("records", new byte[1]),
                                                List.of(0L))))
                        .build();

        assertThatThrownBy(() -> stop(checkpoint(directory, state), "file:/exports").join())
                .hasMessageEndingWith(
                        "Job %s was not stopped. Operator Orders has records in flight in this unaligned checkpoint, which cannot be exported. Set execution.checkpointing.unaligned.enabled: false, leave out the export, or stop the job with a savepoint."
                                .formatted(JOB));
        assertThat(calls).doesNotContain(CANCEL);
    }

    @Test
    void jobGoesOnIfItsStateHasAChangelogAndIsToBeExported(@TempDir Path directory)
            throws Exception {
        OperatorSubtaskState state =
                OperatorSubtaskState.builder()
                        .setManagedKeyedState(
                                new ChangelogStateBackendHandleImpl(
                                        List.of(), List.of(), KeyGroupRange.of(0, 1), 1, 1, 0))
                        .build();

        assertThatThrownBy(() -> stop(checkpoint(directory, state), "file:/exports").join())
                .hasMessageEndingWith(
                        "Job %s was not stopped. Operator Orders has keyed state of type ChangelogStateBackendHandleImpl, which cannot be exported. Set state.changelog.enabled: false if that is on, leave out the export, or stop the job with a savepoint."
                                .formatted(JOB));
        assertThat(calls).doesNotContain(CANCEL);
    }

    @Test
    void jobGoesOnIfItsCheckpointCannotBeReadAndIsToBeExported(@TempDir Path directory) {
        assertThatThrownBy(() -> stop(directory.toUri().toString(), "file:/exports").join())
                .hasMessageContaining(
                        "The checkpoint of job %s cannot be read to export it; the job was not stopped."
                                .formatted(JOB));
        assertThat(calls).doesNotContain(CANCEL);
    }

    @Test
    void checkpointIsNotReadIfItIsNotExported(@TempDir Path directory) {
        StopResult result = stop(directory.toUri().toString(), null).join();

        assertThat(result.checkpoint()).isEqualTo(directory.toUri().toString());
    }

    /** Writes a checkpoint of one operator with one subtask, and returns its path. */
    private static String checkpoint(Path directory, OperatorSubtaskState state)
            throws IOException {
        OperatorState operator =
                new OperatorState("Orders", "orders", new OperatorID(0, 1), 1, 128);
        operator.putState(0, state);
        try (OutputStream out = Files.newOutputStream(directory.resolve("_metadata"))) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(7, List.of(operator), List.of()), out);
        }
        return directory.toUri().toString();
    }

    private CompletableFuture<StopResult> stop() {
        return stop(PATH, null);
    }

    private CompletableFuture<StopResult> stop(String checkpoint, @Nullable String export) {
        answers.putIfAbsent("triggerCheckpoint", CompletableFuture.completedFuture(checkpoint));
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
                new StopWithCheckpoint.Request(JOB, Duration.ZERO, export),
                progress);
    }

    private void ends(JobStatus status) {
        answers.put("requestJob", CompletableFuture.completedFuture(graph(status)));
    }

    private static AccessExecutionGraph graph(JobStatus status) {
        return ArchivedExecutionGraph.createSparseArchivedExecutionGraph(
                JOB, "job", status, null, null, null, 0);
    }
}
