package io.sluice.benchmarks.fs;

import java.util.Locale;
import java.util.Map;

/** What a job's checkpoints are written by. */
enum Contender {
    /** The plain scheme, and Flink's defaults. */
    STOCK,

    /** A binding, and Flink's defaults. */
    BINDING,

    /** A binding, and the profile that the distribution has for HDFS: one line. */
    PROFILE;

    Scheme scheme() {
        return this == STOCK ? Scheme.PLAIN : Scheme.BINDING;
    }

    /** Returns what the job is submitted with. */
    Map<String, String> options() {
        return switch (this) {
            case STOCK, BINDING -> Map.of();
            case PROFILE -> Map.of("sluice.checkpointing.profile", "hdfs");
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
