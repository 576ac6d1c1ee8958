package io.sluice.runtime.backpressure.track;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.runtime.metrics.MetricNames;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Reports nothing: Flink hands each reporter every task's timers themselves, and these are what
 * backpressure is found from.
 */
final class BackpressureReporter implements MetricReporter {

    private static final Set<String> WATCHED =
            Set.of(
                    MetricNames.IO_NUM_RECORDS_IN,
                    MetricNames.IO_NUM_RECORDS_OUT,
                    MetricNames.TASK_IDLE_TIME,
                    MetricNames.TASK_SOFT_BACK_PRESSURED_TIME,
                    MetricNames.TASK_HARD_BACK_PRESSURED_TIME);

    private @Nullable TaskTracking tracking;

    @Override
    public void open(MetricConfig config) {
        Configuration configuration = new Configuration();
        config.stringPropertyNames()
                .forEach(key -> configuration.setString(key, config.getProperty(key)));
        tracking = TaskTracking.start(TrackingSettings.of(configuration));
    }

    @Override
    public void close() {
        TaskTracking ended = tracking;
        if (ended != null) {
            ended.close();
        }
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        TaskTracking current = tracking;
        if (current != null
                && WATCHED.contains(name)
                && task(group) instanceof TaskMetricGroup task) {
            current.added(name, metric, task);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        TaskTracking current = tracking;
        if (current != null
                && name.equals(MetricNames.TASK_HARD_BACK_PRESSURED_TIME)
                && task(group) instanceof TaskMetricGroup task) {
            current.removed(task);
        }
    }

    /** Splits of sources have timers of the same names, in groups of another kind. */
    private static @Nullable MetricGroup task(MetricGroup group) {
        return group instanceof LogicalScopeProvider scope ? scope.getWrappedMetricGroup() : group;
    }
}
