package io.sluice.runtime.backpressure.track;

import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.runtime.shuffle.ShuffleServiceOptions;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.edge.EdgeObservingShuffleServiceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Configures a TaskManager to track backpressure, beside whatever reporters its users want. */
public final class BackpressureSetup {

    private static final Logger LOG = LoggerFactory.getLogger(BackpressureSetup.class);

    /** Name of our reporter. */
    static final String REPORTER = "sluice-backpressure";

    private static final String OPTIONS = "sluice.backpressure.";

    private BackpressureSetup() {}

    /**
     * Returns what the TaskManager is to be started with.
     *
     * @throws org.apache.flink.configuration.IllegalConfigurationException if options make no
     *     sense; says which and what to change
     */
    public static Configuration addTo(Configuration given) {
        Configuration configuration = new Configuration(given);
        if (!TrackingSettings.read(given, RuntimeOptions.BACKPRESSURE_ENABLED)) {
            return configuration;
        }
        TrackingSettings settings = TrackingSettings.of(given);
        String prefix = reporterPrefix();
        configuration.setString(
                prefix + MetricOptions.REPORTER_FACTORY_CLASS.key(),
                BackpressureReporterFactory.class.getName());
        for (String key : given.keySet()) {
            if (key.startsWith(OPTIONS)) {
                configuration.setString(prefix + key, given.getString(key, ""));
            }
        }
        String list = given.get(MetricOptions.REPORTERS_LIST, "");
        if (!list.isBlank()) {
            configuration.set(MetricOptions.REPORTERS_LIST, list + ',' + REPORTER);
        }
        if (settings.edges()) {
            watchEdges(configuration);
        }
        return configuration;
    }

    private static String reporterPrefix() {
        return ConfigConstants.METRICS_REPORTER_PREFIX + REPORTER + '.';
    }

    private static void watchEdges(Configuration configuration) {
        String chosen = configuration.get(ShuffleServiceOptions.SHUFFLE_SERVICE_FACTORY_CLASS);
        if (chosen.equals(ShuffleServiceOptions.SHUFFLE_SERVICE_FACTORY_CLASS.defaultValue())) {
            configuration.set(
                    ShuffleServiceOptions.SHUFFLE_SERVICE_FACTORY_CLASS,
                    EdgeObservingShuffleServiceFactory.class.getName());
        } else {
            LOG.warn(
                    "Edges are not watched: '{}' is {}. Remove it, or set {}: false.",
                    ShuffleServiceOptions.SHUFFLE_SERVICE_FACTORY_CLASS.key(),
                    chosen,
                    RuntimeOptions.BACKPRESSURE_EDGES.key());
            configuration.setString(
                    reporterPrefix() + RuntimeOptions.BACKPRESSURE_EDGES.key(), "false");
        }
    }
}
