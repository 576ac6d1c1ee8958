package io.sluice.state.adaptive.placement;

import java.util.List;

/**
 * All that a decision looks at.
 *
 * @param nowNanos a monotonic clock, as {@link System#nanoTime()}: only differences count
 * @param memory what the decision before this one returned
 */
public record PlacementSnapshot(
        long nowNanos, HeapReading heap, List<BackendLoad> backends, DecisionMemory memory) {

    public PlacementSnapshot {
        backends = List.copyOf(backends);
    }
}
