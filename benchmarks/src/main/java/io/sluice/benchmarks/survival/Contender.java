package io.sluice.benchmarks.survival;

import io.sluice.testkit.cluster.TaskManagerMemory;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A state backend, with a TaskManager of one size for all, divided as suits it. */
enum Contender {
    /** Stock Flink's on heap: has no use for managed memory. */
    HASHMAP(192, 0),

    /** Ours. */
    ADAPTIVE(96, 96),

    /** Stock Flink's on disk: with little heap, the rest for its cache and write buffers. */
    ROCKSDB(16, 176);

    /** Of RocksDB, wherever it is used. */
    private static final Map<String, String> ROCKSDB_TUNING =
            Map.of(
                    "state.backend.rocksdb.use-bloom-filter", "true",
                    "state.backend.rocksdb.memory.partitioned-index-filters", "true",
                    // A trial of rocksdb was faster with these two.
                    "state.backend.rocksdb.thread.num", "4",
                    "state.backend.rocksdb.compaction.level.use-dynamic-size", "true",
                    // As ours has them.
                    "state.backend.rocksdb.timer-service.factory", "HEAP");

    private final int taskHeapMebibytes;
    private final int managedMebibytes;

    Contender(int taskHeapMebibytes, int managedMebibytes) {
        this.taskHeapMebibytes = taskHeapMebibytes;
        this.managedMebibytes = managedMebibytes;
    }

    /** Returns the value of {@code state.backend.type}. */
    String backend() {
        return name().toLowerCase(Locale.ROOT);
    }

    TaskManagerMemory memory() {
        return new TaskManagerMemory(taskHeapMebibytes, managedMebibytes);
    }

    /** Returns options of the backend, beside its type, by ascending key. */
    Map<String, String> tuning() {
        return managedMebibytes == 0 ? Map.of() : new TreeMap<>(ROCKSDB_TUNING);
    }

    /** For people. */
    String describe() {
        return "%-8s  heap %d MiB, managed %d MiB, process %d MiB"
                .formatted(
                        backend(),
                        memory().heapMebibytes(),
                        memory().managedMebibytes(),
                        memory().processMebibytes());
    }
}
