package io.sluice.runtime.backpressure.history;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.Path;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.track.TrackingSettings;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What the JobManager remembers.
 *
 * @param reportInterval how often it asks the TaskManagers
 * @param retention how long it remembers
 * @param size of the heap that it takes at most
 * @param directory where it is written; null for nowhere
 */
public record HistorySettings(
        Duration reportInterval, Duration retention, MemorySize size, @Nullable String directory) {

    private static final MemorySize LEAST_SIZE = MemorySize.ofMebiBytes(1);

    public HistorySettings {
        if (reportInterval.toMillis() < 10) {
            throw new IllegalConfigurationException(
                    "'%s' is %d ms; it must be at least 10 ms."
                            .formatted(
                                    RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL.key(),
                                    reportInterval.toMillis()));
        }
        if (retention.compareTo(reportInterval) < 0) {
            throw new IllegalConfigurationException(
                    "'%s' is %d ms; it must be at least '%s', which is %d ms."
                            .formatted(
                                    RuntimeOptions.BACKPRESSURE_HISTORY_RETENTION.key(),
                                    retention.toMillis(),
                                    RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL.key(),
                                    reportInterval.toMillis()));
        }
        if (size.compareTo(LEAST_SIZE) < 0) {
            throw new IllegalConfigurationException(
                    "'%s' is %s; it must be at least %s."
                            .formatted(
                                    RuntimeOptions.BACKPRESSURE_HISTORY_SIZE.key(),
                                    size,
                                    LEAST_SIZE));
        }
    }

    /**
     * Returns what is configured, or null if backpressure is not to be tracked.
     *
     * @throws IllegalConfigurationException if options make no sense; says which and what to change
     */
    public static @Nullable HistorySettings of(Configuration configuration) {
        return TrackingSettings.read(configuration, RuntimeOptions.BACKPRESSURE_ENABLED)
                ? new HistorySettings(
                        TrackingSettings.read(
                                configuration, RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL),
                        TrackingSettings.read(
                                configuration, RuntimeOptions.BACKPRESSURE_HISTORY_RETENTION),
                        TrackingSettings.read(
                                configuration, RuntimeOptions.BACKPRESSURE_HISTORY_SIZE),
                        directory(configuration))
                : null;
    }

    private static @Nullable String directory(Configuration configuration) {
        String directory = configuration.get(RuntimeOptions.BACKPRESSURE_HISTORY_DIRECTORY, "");
        if (directory.isBlank()) {
            return null;
        }
        try {
            return new Path(directory).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalConfigurationException(
                    "'%s' is '%s', which is no path: %s. Write it as in s3://bucket/backpressure."
                            .formatted(
                                    RuntimeOptions.BACKPRESSURE_HISTORY_DIRECTORY.key(),
                                    directory,
                                    e.getMessage()),
                    e);
        }
    }
}
