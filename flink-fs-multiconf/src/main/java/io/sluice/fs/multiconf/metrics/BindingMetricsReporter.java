package io.sluice.fs.multiconf.metrics;

import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.ProxyMetricGroup;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.Field;

/**
 * Reports nothing: Flink gives file systems no metric group, but it tells reporters of each metric
 * with its group, and above that is the one of the process.
 *
 * <p><b>Threads.</b> As Flink calls it: one at a time.
 */
final class BindingMetricsReporter implements MetricReporter {

    private static final Logger LOG = LoggerFactory.getLogger(BindingMetricsReporter.class);

    private final ProcessMetrics metrics;
    private boolean done;

    BindingMetricsReporter(ProcessMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {
        metrics.hide();
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (done) {
            return;
        }
        done = true;
        try {
            metrics.showIn(top(group));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn(
                    "Metrics of fs.multiconf bindings are not shown: this Flink has other metric groups than 2.3.0.",
                    e);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}

    private static MetricGroup top(MetricGroup of) throws ReflectiveOperationException {
        Field behind = accessible(ProxyMetricGroup.class.getDeclaredField("parentMetricGroup"));
        Field parent = accessible(AbstractMetricGroup.class.getDeclaredField("parent"));
        MetricGroup current = of;
        while (true) {
            Object next = (current instanceof ProxyMetricGroup ? behind : parent).get(current);
            if (next == null) {
                return current;
            }
            current = (MetricGroup) next;
        }
    }

    private static Field accessible(Field field) {
        field.setAccessible(true);
        return field;
    }
}
