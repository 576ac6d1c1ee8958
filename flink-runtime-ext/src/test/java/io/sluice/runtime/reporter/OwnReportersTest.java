package io.sluice.runtime.reporter;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OwnReportersTest {

    private static final String FACTORY = "metrics.reporter.sluice-file-systems.factory.class";

    private final Configuration given = new Configuration();

    @Test
    void processesWithBindingsShowWhatTheyDo() {
        given.setString("fs.multiconf.data.scheme", "hdfs");

        Configuration configured = OwnReporters.withFileSystems(given);

        assertThat(configured.getString(FACTORY, ""))
                .isEqualTo("io.sluice.fs.multiconf.metrics.BindingMetricsReporterFactory");
        assertThat(configured.get(MetricOptions.REPORTERS_LIST)).isNull();
        assertThat(given.containsKey(FACTORY)).isFalse();
    }

    @Test
    void processesWithoutBindingsAreLeftAlone() {
        given.setString("fs.s3.limit.total", "3");

        assertThat(OwnReporters.withFileSystems(given)).isEqualTo(given);
    }

    @Test
    void listOfTheUserIsExtendedOnce() {
        given.setString("fs.multiconf.data.scheme", "hdfs");
        given.set(MetricOptions.REPORTERS_LIST, "mine");

        Configuration once = OwnReporters.withFileSystems(given);

        assertThat(once.get(MetricOptions.REPORTERS_LIST)).isEqualTo("mine,sluice-file-systems");
        // The JobManager hands its configuration to TaskManagers in Kubernetes.
        assertThat(OwnReporters.withFileSystems(once)).isEqualTo(once);
    }
}
