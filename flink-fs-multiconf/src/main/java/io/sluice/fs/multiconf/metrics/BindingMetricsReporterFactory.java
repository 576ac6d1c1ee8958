package io.sluice.fs.multiconf.metrics;

import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

import java.util.Properties;

/**
 * Makes the reporter that shows the metrics of bindings. Sluice's JobManagers and TaskManagers
 * configure it by themselves; on stock Flink it is {@code metrics.reporter.NAME.factory.class:
 * io.sluice.fs.multiconf.metrics.BindingMetricsReporterFactory}.
 */
public final class BindingMetricsReporterFactory implements MetricReporterFactory {

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new BindingMetricsReporter(ProcessMetrics.instance());
    }
}
