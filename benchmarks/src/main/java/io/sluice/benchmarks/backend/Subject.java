package io.sluice.benchmarks.backend;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

import io.sluice.state.adaptive.AdaptiveStateBackend;
import io.sluice.state.adaptive.AdaptiveStateOptions;
import io.sluice.state.adaptive.placement.PlacementMode;

/** A state backend that is measured. */
public enum Subject {
    STOCK_HEAP("hashmap"),
    STOCK_DISK("rocksdb"),
    /** Ours with all on heap, from where it moves only when told to. */
    OURS_ON_HEAP("adaptive"),
    OURS_ON_DISK("adaptive");

    private final String type;

    Subject(String type) {
        this.type = type;
    }

    /** Returns a copy of {@code config} that selects this backend in a job. */
    public Configuration in(Configuration config) {
        Configuration own = new Configuration(config);
        own.set(StateBackendOptions.STATE_BACKEND, type);
        if (this == OURS_ON_HEAP) {
            own.set(AdaptiveStateOptions.MODE, PlacementMode.MANUAL);
        } else if (this == OURS_ON_DISK) {
            own.set(AdaptiveStateOptions.MODE, PlacementMode.PIN_DISK);
        }
        return own;
    }

    StateBackend newBackend(Configuration config) {
        Configuration own = in(config);
        ClassLoader classLoader = Subject.class.getClassLoader();
        return switch (this) {
            case STOCK_HEAP -> new HashMapStateBackend().configure(own, classLoader);
            case STOCK_DISK -> new EmbeddedRocksDBStateBackend().configure(own, classLoader);
            case OURS_ON_HEAP, OURS_ON_DISK ->
                    new AdaptiveStateBackend().configure(own, classLoader);
        };
    }
}
