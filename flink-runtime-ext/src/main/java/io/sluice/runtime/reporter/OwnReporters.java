package io.sluice.runtime.reporter;

import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;

import java.util.Arrays;

/** Adds metric reporters to whatever others a process is to have. */
public final class OwnReporters {

    private static final String BINDINGS = "fs.multiconf.";
    private static final String BINDINGS_REPORTER = "sluice-file-systems";

    /** It is in a plugin, and so is never on our class path. */
    private static final String BINDINGS_FACTORY =
            "io.sluice.fs.multiconf.metrics.BindingMetricsReporterFactory";

    private OwnReporters() {}

    /** Returns what the options of a reporter begin with. */
    public static String prefix(String reporter) {
        return ConfigConstants.METRICS_REPORTER_PREFIX + reporter + '.';
    }

    /** Adds one, also where users say which of theirs are on; does nothing where it is there. */
    public static void add(Configuration configuration, String reporter, String factory) {
        configuration.setString(
                prefix(reporter) + MetricOptions.REPORTER_FACTORY_CLASS.key(), factory);
        String list = configuration.get(MetricOptions.REPORTERS_LIST, "");
        boolean listed =
                Arrays.stream(list.split("[,\\s]+", -1)).anyMatch(name -> name.equals(reporter));
        if (!list.isBlank() && !listed) {
            configuration.set(MetricOptions.REPORTERS_LIST, list + ',' + reporter);
        }
    }

    /** Returns the configuration of a process that shows what its file system bindings do. */
    public static Configuration withFileSystems(Configuration given) {
        Configuration configuration = new Configuration(given);
        if (given.keySet().stream().anyMatch(key -> key.startsWith(BINDINGS))) {
            add(configuration, BINDINGS_REPORTER, BINDINGS_FACTORY);
        }
        return configuration;
    }
}
