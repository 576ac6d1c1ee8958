package io.sluice.state.adaptive.control;

import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

import io.sluice.state.adaptive.placement.HeapReading;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What the coordinator sees and decides, in the group {@code adaptive} of the TaskManager. Numbers
 * of a process without any adaptive state are 0. Thread-safe.
 */
final class CoordinatorMetrics {

    static final String GROUP = "adaptive";

    private final StateCoordinator coordinator;

    /** Those of this process that have the metrics: a MiniCluster has several. */
    private final Set<MetricGroup> taskManagers =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    CoordinatorMetrics(StateCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** Registers all, once: they live as long as the TaskManager. */
    void register(MetricGroup taskManager) {
        if (!taskManagers.add(taskManager)) {
            return;
        }
        MetricGroup group = taskManager.addGroup(GROUP);
        group.gauge("heapPressure", (Gauge<Double>) () -> pressure(coordinator.heap()));
        group.gauge(
                "heapUsedAfterCollection",
                (Gauge<Long>) () -> coordinator.heap().usedAfterCollectionBytes());
        group.gauge("stateOnHeap", (Gauge<Long>) coordinator::stateOnHeapBytes);
        group.gauge("heapBudget", (Gauge<Long>) coordinator::budgetBytes);
        group.gauge("decisions", (Gauge<Long>) coordinator::decisions);
        group.gauge("keyGroupsDecided", (Gauge<Long>) coordinator::decidedMoves);
        group.gauge("lastDecision", (Gauge<String>) coordinator::lastDecision);
    }

    private static double pressure(HeapReading heap) {
        return (double) heap.usedAfterCollectionBytes() / heap.maxBytes();
    }
}
