package io.sluice.runtime.backpressure.track;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.runtime.metrics.ReporterSetup;
import org.apache.flink.runtime.metrics.ReporterSetupBuilder;
import org.apache.flink.runtime.metrics.filter.DefaultReporterFilters;
import org.apache.flink.runtime.shuffle.ShuffleServiceOptions;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.edge.EdgeObservingShuffleServiceFactory;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class BackpressureSetupTest {

    private static final String OTHER_FACTORY = "metrics.reporter.mine.factory.class";

    private final Configuration given = new Configuration();

    @Test
    void reporterIsMadeByFlink() {
        assertThat(reporters()).containsExactly(BackpressureSetup.REPORTER);
    }

    @Test
    void reporterIsMadeBesideTheListOfTheUser() {
        given.set(MetricOptions.REPORTERS_LIST, "mine");
        given.setString(OTHER_FACTORY, "com.example.NotHere");

        Configuration configured = BackpressureSetup.addTo(given);

        assertThat(configured.get(MetricOptions.REPORTERS_LIST))
                .isEqualTo("mine,sluice-backpressure");
        assertThat(reporters()).contains(BackpressureSetup.REPORTER);
    }

    @Test
    void listStaysEmptyWhereAllReportersAreOn() {
        given.setString(OTHER_FACTORY, "com.example.NotHere");

        assertThat(BackpressureSetup.addTo(given).get(MetricOptions.REPORTERS_LIST)).isNull();
    }

    @Test
    void optionsReachTheReporter() {
        given.setString("sluice.backpressure.sampling-interval", "250 ms");

        assertThat(
                        BackpressureSetup.addTo(given)
                                .getString(
                                        "metrics.reporter.sluice-backpressure.sluice.backpressure.sampling-interval",
                                        ""))
                .isEqualTo("250 ms");
    }

    @Test
    void nothingIsDoneWhereItIsSwitchedOff() {
        given.set(RuntimeOptions.BACKPRESSURE_ENABLED, false);
        given.set(RuntimeOptions.BACKPRESSURE_EDGES, true);

        assertThat(BackpressureSetup.addTo(given)).isEqualTo(given);
    }

    @Test
    void edgesAreWatchedThroughTheShuffleService() {
        given.set(RuntimeOptions.BACKPRESSURE_EDGES, true);

        assertThat(
                        BackpressureSetup.addTo(given)
                                .get(ShuffleServiceOptions.SHUFFLE_SERVICE_FACTORY_CLASS))
                .isEqualTo(EdgeObservingShuffleServiceFactory.class.getName());
    }

    @Test
    void shuffleServiceOfTheUserStays() {
        given.set(RuntimeOptions.BACKPRESSURE_EDGES, true);
        given.set(ShuffleServiceOptions.SHUFFLE_SERVICE_FACTORY_CLASS, "com.example.Shuffle");

        Configuration configured = BackpressureSetup.addTo(given);

        assertThat(configured.get(ShuffleServiceOptions.SHUFFLE_SERVICE_FACTORY_CLASS))
                .isEqualTo("com.example.Shuffle");
        assertThat(
                        configured.getString(
                                "metrics.reporter.sluice-backpressure.sluice.backpressure.edges",
                                ""))
                .isEqualTo("false");
    }

    private List<String> reporters() {
        List<ReporterSetup> setups =
                ReporterSetupBuilder.METRIC_SETUP_BUILDER.fromConfiguration(
                        BackpressureSetup.addTo(given),
                        DefaultReporterFilters::metricsFromConfiguration,
                        null);
        try {
            return setups.stream().map(ReporterSetup::getName).toList();
        } finally {
            setups.forEach(setup -> setup.getReporter().close());
        }
    }
}
