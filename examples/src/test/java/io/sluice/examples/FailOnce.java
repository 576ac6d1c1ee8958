package io.sluice.examples;

import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Forwards records, and fails the job once: at a record that comes after a completed checkpoint.
 *
 * <p>The subtasks run in the JVM of the test, so it sees in statics what happened.
 */
public final class FailOnce<T>
        implements MapFunction<T, T>, CheckpointListener, CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private static final int RECORDS_AFTER_CHECKPOINT = 10;

    private static final ConcurrentMap<String, AtomicInteger> FAILURES = new ConcurrentHashMap<>();
    private static final ConcurrentMap<String, Long> RESTORED = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();

    private transient boolean checkpointed;
    private transient int recordsSince;

    @Override
    public T map(T value) {
        if (checkpointed && ++recordsSince >= RECORDS_AFTER_CHECKPOINT) {
            if (FAILURES.computeIfAbsent(id, absent -> new AtomicInteger()).compareAndSet(0, 1)) {
                throw new IllegalStateException("injected failure");
            }
        }
        return value;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        checkpointed = true;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {}

    @Override
    public void initializeState(FunctionInitializationContext context) {
        context.getRestoredCheckpointId().ifPresent(checkpoint -> RESTORED.put(id, checkpoint));
    }

    /** Returns whether the job failed and then went on from a checkpoint. */
    public boolean failedAndRestored() {
        return FAILURES.containsKey(id) && RESTORED.containsKey(id);
    }
}
