package io.sluice.runtime.launch;

import org.apache.flink.configuration.Configuration;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Secrets where everybody could read them. The plugin {@code flink-fs-multiconf} refuses them, too,
 * but Flink has logged its configuration by then.
 */
final class SecretSettings {

    /** As in that plugin, which no other module may use. */
    private static final Pattern KEY =
            Pattern.compile(
                    "(fs\\.multiconf\\.[^.]+\\.)conf\\..*(secret|password|passwd|access[-._]?key|account[-._]?key"
                            + "|private[-._]?key|encryption[-._]key|client[-._]?key$|token$|\\.sas\\.|credential$).*");

    private SecretSettings() {}

    /**
     * Checks that there are none.
     *
     * @throws LaunchException if there is one: names its key
     */
    static void requireNone(Configuration configuration) {
        for (String key : configuration.keySet()) {
            Matcher matcher = KEY.matcher(key.toLowerCase(Locale.ROOT));
            if (matcher.matches()) {
                throw new LaunchException(
                        "Option '%s' looks like a secret, and config.yaml is no place for one: it is logged, and shown by the REST API and in ConfigMaps. Move it to the file that '%sconf-file' names."
                                .formatted(key, key.substring(0, matcher.end(1))));
            }
        }
    }
}
