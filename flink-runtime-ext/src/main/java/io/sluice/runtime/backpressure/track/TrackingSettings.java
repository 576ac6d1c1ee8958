package io.sluice.runtime.backpressure.track;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;

import io.sluice.runtime.RuntimeOptions;

import java.time.Duration;

/**
 * How backpressure is tracked in a TaskManager.
 *
 * @param samplingInterval between two looks at the timers
 * @param reportInterval that shares of time are of
 * @param enterShare of {@code enterAfter} that begins an episode
 * @param leaveShare of a sampling interval below which a task counts as free
 * @param leaveAfter how long it must be free for an episode to be over
 */
public record TrackingSettings(
        Duration samplingInterval,
        Duration reportInterval,
        double enterShare,
        Duration enterAfter,
        double leaveShare,
        Duration leaveAfter,
        boolean edges) {

    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    public TrackingSettings {
        requireInterval(samplingInterval, RuntimeOptions.BACKPRESSURE_SAMPLING_INTERVAL);
        requireInterval(reportInterval, RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL);
        if (reportInterval.toMillis() % samplingInterval.toMillis() != 0) {
            throw new IllegalConfigurationException(
                    "'%s' is %d ms, no multiple of '%s', which is %d ms. Change one of them."
                            .formatted(
                                    RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL.key(),
                                    reportInterval.toMillis(),
                                    RuntimeOptions.BACKPRESSURE_SAMPLING_INTERVAL.key(),
                                    samplingInterval.toMillis()));
        }
        requireShare(enterShare, RuntimeOptions.BACKPRESSURE_ENTER_SHARE);
        requireShare(leaveShare, RuntimeOptions.BACKPRESSURE_LEAVE_SHARE);
        if (leaveShare > enterShare) {
            throw new IllegalConfigurationException(
                    "'%s' is %s, more than '%s', which is %s: an episode would end as it begins. Change one of them."
                            .formatted(
                                    RuntimeOptions.BACKPRESSURE_LEAVE_SHARE.key(),
                                    leaveShare,
                                    RuntimeOptions.BACKPRESSURE_ENTER_SHARE.key(),
                                    enterShare));
        }
        requireAtLeast(enterAfter, samplingInterval, RuntimeOptions.BACKPRESSURE_ENTER_AFTER);
        requireAtLeast(leaveAfter, samplingInterval, RuntimeOptions.BACKPRESSURE_LEAVE_AFTER);
    }

    /**
     * Returns what is configured.
     *
     * @throws IllegalConfigurationException if options make no sense; says which and what to change
     */
    public static TrackingSettings of(Configuration configuration) {
        return new TrackingSettings(
                read(configuration, RuntimeOptions.BACKPRESSURE_SAMPLING_INTERVAL),
                read(configuration, RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL),
                read(configuration, RuntimeOptions.BACKPRESSURE_ENTER_SHARE),
                read(configuration, RuntimeOptions.BACKPRESSURE_ENTER_AFTER),
                read(configuration, RuntimeOptions.BACKPRESSURE_LEAVE_SHARE),
                read(configuration, RuntimeOptions.BACKPRESSURE_LEAVE_AFTER),
                read(configuration, RuntimeOptions.BACKPRESSURE_EDGES));
    }

    /**
     * Returns the value of an option.
     *
     * @throws IllegalConfigurationException if it cannot be read; says which one it is
     */
    public static <T> T read(Configuration configuration, ConfigOption<T> option) {
        try {
            return configuration.get(option);
        } catch (IllegalArgumentException e) {
            throw new IllegalConfigurationException(
                    "'%s' cannot be read: %s".formatted(option.key(), e.getMessage()), e);
        }
    }

    private static void requireInterval(Duration interval, ConfigOption<Duration> option) {
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            throw new IllegalConfigurationException(
                    "'%s' is %d ms; it must be from %d ms to %d ms."
                            .formatted(
                                    option.key(),
                                    interval.toMillis(),
                                    SHORTEST_INTERVAL.toMillis(),
                                    LONGEST_INTERVAL.toMillis()));
        }
    }

    private static void requireShare(double share, ConfigOption<Double> option) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalConfigurationException(
                    "'%s' is %s; it must be greater than 0 and at most 1."
                            .formatted(option.key(), share));
        }
    }

    private static void requireAtLeast(
            Duration time, Duration samplingInterval, ConfigOption<Duration> option) {
        if (time.compareTo(samplingInterval) < 0) {
            throw new IllegalConfigurationException(
                    "'%s' is %d ms; it must be at least '%s', which is %d ms."
                            .formatted(
                                    option.key(),
                                    time.toMillis(),
                                    RuntimeOptions.BACKPRESSURE_SAMPLING_INTERVAL.key(),
                                    samplingInterval.toMillis()));
        }
    }
}
