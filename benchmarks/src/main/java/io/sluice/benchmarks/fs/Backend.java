package io.sluice.benchmarks.fs;

import io.sluice.testkit.cluster.TaskManagerMemory;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the state is, and how much memory each of two TaskManagers has for the jobs side by side.
 */
enum Backend {
    /**
     * Stock Flink's on disk, tuned, with incremental checkpoints: the common choice for much state.
     */
    ROCKSDB,

    /** Stock Flink's on heap: each checkpoint is a whole one. */
    HASHMAP;

    TaskManagerMemory memory() {
        return switch (this) {
            case ROCKSDB -> new TaskManagerMemory(384, 768);
            case HASHMAP -> new TaskManagerMemory(2300, 0);
        };
    }

    /** Returns whose jobs run side by side. */
    List<Contender> contenders() {
        return switch (this) {
            case ROCKSDB -> List.of(Contender.values());
            // Two take as much memory as there may be.
            case HASHMAP -> List.of(Contender.STOCK, Contender.PROFILE);
        };
    }

    /** Returns options beside the type. */
    Map<String, String> tuning() {
        return switch (this) {
            case ROCKSDB ->
                    Map.of(
                            "execution.checkpointing.incremental", "true",
                            "state.backend.rocksdb.use-bloom-filter", "true",
                            "state.backend.rocksdb.memory.partitioned-index-filters", "true");
            case HASHMAP -> Map.of();
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
