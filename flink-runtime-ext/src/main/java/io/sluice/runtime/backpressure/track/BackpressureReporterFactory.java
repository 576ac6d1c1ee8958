package io.sluice.runtime.backpressure.track;

import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

import java.util.Properties;

/**
 * Makes the reporter that tracks backpressure. Sluice's TaskManagers configure it by themselves; on
 * stock Flink it is a reporter as any other, with the options of {@link
 * io.sluice.runtime.RuntimeOptions} behind its own prefix.
 */
public final class BackpressureReporterFactory implements MetricReporterFactory {

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new BackpressureReporter();
    }
}
