package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.CheckpointStateOutputStream;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.CheckpointedStateScope;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.runtime.state.SharedStateRegistryImpl;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StreamStateHandle;

import io.sluice.state.adaptive.KeyedBackends;
import io.sluice.state.adaptive.KeyedBackends.SnapshotKind;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The snapshots of one run of the model test: what a JobManager and the asynchronous threads of the
 * tasks do. A snapshot is written some operations after it was cut, so that it must not see them.
 */
final class ModelSnapshots<K, N> {

    private static final int RETAINED = 3;
    private static final int MAX_PENDING = 2;

    private final KeyedBackends expectedBackends;
    private final KeyedBackends actualBackends;
    private final Random random;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Deque<Completed> checkpoints = new ArrayDeque<>();
    private final List<Completed> savepoints = new ArrayList<>();
    private final SharedStateRegistry registry = new SharedStateRegistryImpl();

    private long lastId;

    /** Whether the next checkpoint must not share files with what was restored. */
    private boolean nextIsFull;

    /** What to restore from. */
    record Snapshot(
            List<KeyedStateHandle> expected, List<KeyedStateHandle> actual, boolean swapped) {
        @Override
        public String toString() {
            return actual.size() + " handles" + (swapped ? ", swapped" : "");
        }
    }

    private record Completed(long id, SnapshotKind kind, Snapshot content) {}

    private record Pending(
            long id,
            SnapshotKind kind,
            boolean fails,
            List<RunnableFuture<SnapshotResult<KeyedStateHandle>>> expected,
            List<RunnableFuture<SnapshotResult<KeyedStateHandle>>> actual) {}

    ModelSnapshots(KeyedBackends expectedBackends, KeyedBackends actualBackends, Random random) {
        this.expectedBackends = expectedBackends;
        this.actualBackends = actualBackends;
        this.random = random;
    }

    /** Does the synchronous part. */
    String start(List<ModelSubtask<K, N>> subtasks) throws Exception {
        if (pending.size() == MAX_PENDING) {
            return "not started";
        }
        SnapshotKind kind = kind();
        long id = ++lastId;
        boolean fails = random.nextInt(6) == 0;
        Pending started = new Pending(id, kind, fails, new ArrayList<>(), new ArrayList<>());
        AtomicInteger streamsLeft = new AtomicInteger(random.nextInt(4));
        for (ModelSubtask<K, N> subtask : subtasks) {
            CheckpointStreamFactory streams = actualBackends.streams(id);
            started.expected()
                    .add(
                            KeyedBackends.start(
                                    subtask.expected,
                                    kind,
                                    id,
                                    expectedBackends.streams(id),
                                    subtask.cancelRegistry()));
            started.actual()
                    .add(
                            KeyedBackends.start(
                                    subtask.actual,
                                    kind,
                                    id,
                                    fails ? new FailingStreams(streams, streamsLeft) : streams,
                                    subtask.cancelRegistry()));
        }
        pending.add(started);
        return id + " is a " + kind + (fails ? " that fails" : "");
    }

    private SnapshotKind kind() {
        int choice = random.nextInt(10);
        if (choice < 2) {
            return SnapshotKind.CANONICAL_SAVEPOINT;
        }
        if (choice == 2) {
            return SnapshotKind.NATIVE_SAVEPOINT;
        }
        return nextIsFull ? SnapshotKind.FULL_CHECKPOINT : SnapshotKind.CHECKPOINT;
    }

    /** Does the asynchronous part of the oldest one, and completes or aborts it. */
    String finishOne(List<ModelSubtask<K, N>> subtasks) throws Exception {
        Pending oldest = pending.poll();
        if (oldest == null) {
            return "none to finish";
        }
        int fate = random.nextInt(10);
        if (fate == 0) {
            cancel(oldest);
            notifyAborted(oldest, subtasks);
            return oldest.id() + " is cancelled";
        }
        List<KeyedStateHandle> expected = new ArrayList<>();
        List<KeyedStateHandle> actual = new ArrayList<>();
        boolean failed = false;
        for (int i = 0; i < oldest.actual().size(); i++) {
            expected.addAll(run(oldest.expected().get(i)));
            try {
                actual.addAll(run(oldest.actual().get(i)));
            } catch (ExecutionException e) {
                assertThat(e).hasStackTraceContaining(FailingStreams.MESSAGE);
                assertThat(oldest.fails()).as("whether it should fail").isTrue();
                failed = true;
            }
        }
        Completed completed =
                new Completed(oldest.id(), oldest.kind(), new Snapshot(expected, actual, false));
        if (oldest.kind() == SnapshotKind.CHECKPOINT
                || oldest.kind() == SnapshotKind.FULL_CHECKPOINT) {
            actual.forEach(handle -> handle.registerSharedStates(registry, oldest.id()));
        }
        if (failed || fate == 1) {
            discard(completed);
            notifyAborted(oldest, subtasks);
            return oldest.id() + (failed ? " failed" : " is aborted");
        }
        complete(completed, subtasks, oldest.kind() == SnapshotKind.FULL_CHECKPOINT || fate != 2);
        return oldest.id() + " is complete";
    }

    private static List<KeyedStateHandle> run(
            RunnableFuture<SnapshotResult<KeyedStateHandle>> future) throws Exception {
        future.run();
        return KeyedBackends.handles(future.get());
    }

    private void complete(
            Completed completed, List<ModelSubtask<K, N>> subtasks, boolean subtasksAreTold)
            throws Exception {
        if (subtasksAreTold) {
            for (ModelSubtask<K, N> subtask : subtasks) {
                subtask.expected.notifyCheckpointComplete(completed.id());
                subtask.actual.notifyCheckpointComplete(completed.id());
            }
        }
        switch (completed.kind()) {
            case CANONICAL_SAVEPOINT, NATIVE_SAVEPOINT -> savepoints.add(completed);
            case CHECKPOINT, FULL_CHECKPOINT -> {
                nextIsFull = false;
                registry.checkpointCompleted(completed.id());
                checkpoints.add(completed);
                if (checkpoints.size() > RETAINED) {
                    Completed subsumed = checkpoints.remove();
                    discard(subsumed);
                    registry.unregisterUnusedState(checkpoints.element().id());
                    for (ModelSubtask<K, N> subtask : subtasks) {
                        subtask.actual.notifyCheckpointSubsumed(subsumed.id());
                    }
                }
            }
        }
    }

    private static void discard(Completed completed) throws Exception {
        for (KeyedStateHandle handle : completed.content().expected()) {
            handle.discardState();
        }
        for (KeyedStateHandle handle : completed.content().actual()) {
            handle.discardState();
        }
    }

    private static void cancel(Pending snapshot) {
        snapshot.expected().forEach(future -> future.cancel(true));
        for (RunnableFuture<SnapshotResult<KeyedStateHandle>> future : snapshot.actual()) {
            future.cancel(true);
            future.run();
            assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        }
    }

    private void notifyAborted(Pending aborted, List<ModelSubtask<K, N>> subtasks)
            throws Exception {
        for (ModelSubtask<K, N> subtask : subtasks) {
            subtask.expected.notifyCheckpointAborted(aborted.id());
            subtask.actual.notifyCheckpointAborted(aborted.id());
        }
    }

    /** Forgets what is pending, and says what to go on from. */
    Snapshot toRestore() {
        pending.forEach(ModelSnapshots::cancel);
        pending.clear();
        List<Completed> all = new ArrayList<>(checkpoints);
        all.addAll(savepoints);
        if (all.isEmpty()) {
            return new Snapshot(List.of(), List.of(), false);
        }
        Completed chosen = all.get(random.nextInt(all.size()));
        Snapshot content = chosen.content();
        nextIsFull = chosen.kind() == SnapshotKind.NATIVE_SAVEPOINT;
        if (random.nextBoolean()) {
            return switch (chosen.kind()) {
                case CANONICAL_SAVEPOINT ->
                        new Snapshot(content.actual(), content.expected(), true);
                // Ours restores what Flink's heap backend wrote.
                case CHECKPOINT, FULL_CHECKPOINT, NATIVE_SAVEPOINT ->
                        random.nextInt(4) == 0
                                ? new Snapshot(content.expected(), content.expected(), true)
                                : content;
            };
        }
        return content;
    }

    /** Discards every snapshot. */
    void discardAll() throws Exception {
        pending.forEach(ModelSnapshots::cancel);
        for (Completed completed : checkpoints) {
            discard(completed);
        }
        for (Completed completed : savepoints) {
            discard(completed);
        }
        registry.unregisterUnusedState(Long.MAX_VALUE);
    }

    /** Checkpoint streams, of which all after the first few fail. */
    private static final class FailingStreams implements CheckpointStreamFactory {

        static final String MESSAGE = "Injected failure of a checkpoint stream.";

        private final CheckpointStreamFactory delegate;
        private final AtomicInteger left;

        FailingStreams(CheckpointStreamFactory delegate, AtomicInteger left) {
            this.delegate = delegate;
            this.left = left;
        }

        @Override
        public CheckpointStateOutputStream createCheckpointStateOutputStream(
                CheckpointedStateScope scope) throws IOException {
            if (left.getAndDecrement() <= 0) {
                throw new IOException(MESSAGE);
            }
            return delegate.createCheckpointStateOutputStream(scope);
        }

        @Override
        public boolean canFastDuplicate(StreamStateHandle stateHandle, CheckpointedStateScope scope)
                throws IOException {
            return delegate.canFastDuplicate(stateHandle, scope);
        }

        @Override
        public List<StreamStateHandle> duplicate(
                List<StreamStateHandle> stateHandles, CheckpointedStateScope scope)
                throws IOException {
            return delegate.duplicate(stateHandles, scope);
        }
    }
}
