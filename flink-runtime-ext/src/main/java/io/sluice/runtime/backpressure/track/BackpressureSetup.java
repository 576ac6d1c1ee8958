package io.sluice.runtime.backpressure.track;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.shuffle.ShuffleServiceOptions;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.edge.EdgeObservingShuffleServiceFactory;
import io.sluice.runtime.reporter.OwnReporters;
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
        OwnReporters.add(configuration, REPORTER, BackpressureReporterFactory.class.getName());
        for (String key : given.keySet()) {
            if (key.startsWith(OPTIONS)) {
                configuration.setString(
                        OwnReporters.prefix(REPORTER) + key, given.getString(key, ""));
            }
        }
        if (settings.edges()) {
            watchEdges(configuration);
        }
        return configuration;
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
                    OwnReporters.prefix(REPORTER) + RuntimeOptions.BACKPRESSURE_EDGES.key(),
                    "false");
        }
    }
}
