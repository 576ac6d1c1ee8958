package io.sluice.state.adaptive.store;

import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.View;

import io.sluice.state.adaptive.control.BackendStatus;
import io.sluice.state.adaptive.control.ManagedBackend;

import java.util.Objects;
import java.util.function.Function;

/** The metrics of one backend, in the group {@code adaptive} of its operator. */
final class BackendMetrics {

    private BackendMetrics() {}

    static void register(MetricGroup operator, ManagedBackend backend, Histogram sliceMicros) {
        MetricGroup group = operator.addGroup(AdaptiveKeyedStateBackend.TYPE);
        gauge(group, backend, "keyGroupsOnHeap", BackendStatus::keyGroupsOnHeap);
        gauge(group, backend, "keyGroupsOnDisk", BackendStatus::keyGroupsOnDisk);
        gauge(group, backend, "keyGroupsMoving", BackendStatus::keyGroupsMoving);
        gauge(group, backend, "entriesOnHeap", BackendStatus::entriesOnHeap);
        gauge(group, backend, "entriesOnDisk", BackendStatus::entriesOnDisk);
        gauge(group, backend, "bytesOnHeap", BackendStatus::bytesOnHeap);
        gauge(group, backend, "bytesOnDisk", BackendStatus::bytesOnDisk);
        gauge(group, backend, "timers", BackendStatus::timers);
        gauge(group, backend, "movesCompleted", BackendStatus::movesCompleted);
        gauge(group, backend, "movesFailed", BackendStatus::movesFailed);
        gauge(group, backend, "entriesMoved", BackendStatus::rowsMoved);
        gauge(group, backend, "bytesMoved", BackendStatus::bytesMoved);
        gauge(
                group,
                backend,
                "lastReason",
                status -> Objects.requireNonNullElse(status.lastReason(), ""));
        gauge(
                group,
                backend,
                "lastFailure",
                status -> Objects.requireNonNullElse(status.lastFailure(), ""));
        group.gauge("entriesMovedPerSecond", new Rate(backend));
        group.histogram("sliceMicros", sliceMicros);
    }

    private static <T> void gauge(
            MetricGroup group,
            ManagedBackend backend,
            String name,
            Function<BackendStatus, T> value) {
        group.gauge(name, (Gauge<T>) () -> value.apply(backend.status()));
    }

    /** Entries moved per second, over the interval of Flink's view updater. */
    private static final class Rate implements Gauge<Double>, View {
        private final ManagedBackend backend;
        private long last;
        private volatile double perSecond;

        Rate(ManagedBackend backend) {
            this.backend = backend;
        }

        @Override
        public Double getValue() {
            return perSecond;
        }

        @Override
        public void update() {
            long now = backend.status().rowsMoved();
            perSecond = (now - last) / (double) View.UPDATE_INTERVAL_SECONDS;
            last = now;
        }
    }
}
