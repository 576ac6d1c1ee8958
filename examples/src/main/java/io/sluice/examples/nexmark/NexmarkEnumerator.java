package io.sluice.examples.nexmark;

import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hands every reader its splits at once when it registers, and tells it that there are no more.
 *
 * <p>Split {@code i} goes to reader {@code i} modulo the parallelism. A reader that starts from a
 * checkpoint already has its splits and gets only those that came back here. All calls come from
 * the coordinator thread.
 */
final class NexmarkEnumerator implements SplitEnumerator<NexmarkSplit, List<NexmarkSplit>> {

    private final SplitEnumeratorContext<NexmarkSplit> context;
    private final Map<Integer, NexmarkSplit> unassigned = new TreeMap<>();

    NexmarkEnumerator(SplitEnumeratorContext<NexmarkSplit> context, List<NexmarkSplit> unassigned) {
        this.context = context;
        addUnassigned(unassigned);
    }

    @Override
    public void start() {}

    @Override
    public void addReader(int subtaskId) {
        List<NexmarkSplit> splits =
                unassigned.values().stream()
                        .filter(split -> split.index() % context.currentParallelism() == subtaskId)
                        .toList();
        if (!splits.isEmpty()) {
            context.assignSplits(new SplitsAssignment<>(Map.of(subtaskId, splits)));
            splits.forEach(split -> unassigned.remove(split.index()));
        }
        context.signalNoMoreSplits(subtaskId);
    }

    /** Takes the splits of a failed reader; it gets them again when it registers anew. */
    @Override
    public void addSplitsBack(List<NexmarkSplit> splits, int subtaskId) {
        addUnassigned(splits);
    }

    private void addUnassigned(List<NexmarkSplit> splits) {
        splits.forEach(split -> unassigned.put(split.index(), split));
    }

    /** Does nothing: readers need not ask. */
    @Override
    public void handleSplitRequest(int subtaskId, @Nullable String requesterHostname) {}

    @Override
    public List<NexmarkSplit> snapshotState(long checkpointId) {
        return List.copyOf(unassigned.values());
    }

    @Override
    public void close() {}
}
