package io.sluice.benchmarks.backend;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;

import java.nio.file.Path;

/** How RocksDB is tuned, whoever uses it: one configuration for stock and ours. */
public final class RocksTuning {

    /** Block cache and write buffers together. */
    private static final MemorySize MEMORY = MemorySize.ofMebiBytes(512);

    private RocksTuning() {}

    /**
     * Returns the configuration.
     *
     * @param directory where the databases are
     */
    public static Configuration in(Path directory) {
        Configuration config = new Configuration();
        config.set(RocksDBOptions.LOCAL_DIRECTORIES, directory.toString());
        config.set(RocksDBOptions.FIX_PER_SLOT_MEMORY_SIZE, MEMORY);
        config.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        return config;
    }

    /** Says the same for people. */
    public static String describe() {
        return "RocksDB of both sides: bloom filters, %d MiB fixed per slot for block cache and write buffers, otherwise Flink's defaults"
                .formatted(MEMORY.getMebiBytes());
    }
}
