package io.sluice.runtime;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Defaults of checkpointing for a kind of storage, in the place of Flink's own. What is configured
 * itself wins, by whatever key Flink knows it.
 */
public enum CheckpointingProfile {
    /** Flink's own. */
    DEFAULT {
        @Override
        void fillIn(Configuration configuration) {}
    },

    /*
     * Measured by 'benchmarks/run fs', which holds the figures for and against. Merging only within
     * a checkpoint, Flink's own choice once merging is on, costs more calls than it saves.
     */
    /** Few files, which are few calls of a NameNode, and little for it to remember. */
    HDFS {
        @Override
        void fillIn(Configuration configuration) {
            setUnlessSet(configuration, CheckpointingOptions.FILE_MERGING_ENABLED, true);
            setUnlessSet(configuration, CheckpointingOptions.FILE_MERGING_ACROSS_BOUNDARY, true);
            setUnlessSet(
                    configuration,
                    CheckpointingOptions.FILE_MERGING_MAX_FILE_SIZE,
                    MemorySize.ofMebiBytes(128));
        }
    };

    abstract void fillIn(Configuration configuration);

    static <T> void setUnlessSet(Configuration configuration, ConfigOption<T> option, T value) {
        if (configuration.getOptional(option).isEmpty()) {
            configuration.set(option, value);
        }
    }

    /**
     * Returns a configuration with the defaults of the profile that it names.
     *
     * @throws IllegalConfigurationException if there is no such profile; says which there are
     */
    public static Configuration addTo(Configuration given) {
        Configuration configuration = new Configuration(given);
        of(given).fillIn(configuration);
        return configuration;
    }

    /**
     * Returns the profile that a configuration names.
     *
     * @throws IllegalConfigurationException if there is no such profile; says which there are
     */
    public static CheckpointingProfile of(Configuration configuration) {
        String name = configuration.get(RuntimeOptions.CHECKPOINTING_PROFILE);
        return Arrays.stream(values())
                .filter(profile -> profile.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalConfigurationException(
                                        "Option '%s' is '%s': there is no such profile. Valid are: %s."
                                                .formatted(
                                                        RuntimeOptions.CHECKPOINTING_PROFILE.key(),
                                                        name,
                                                        names())));
    }

    private static String names() {
        return Arrays.stream(values())
                .map(profile -> profile.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
