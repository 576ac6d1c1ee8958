package io.sluice.benchmarks.backend;

import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import io.sluice.state.adaptive.store.AdaptiveKeyedStateBackend;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;

/**
 * The RocksDB inside a keyed state backend, stock or ours, by reflection: neither shows it.
 *
 * @param rocks owned by the backend
 */
public record Database(RocksDB rocks, ColumnFamilyHandle columnFamily) {

    /** What RocksDB is at, in all of the database or waiting in a column family. */
    private static final List<String> BACKGROUND_WORK =
            List.of(
                    "rocksdb.num-running-flushes",
                    "rocksdb.num-running-compactions",
                    "rocksdb.mem-table-flush-pending",
                    "rocksdb.compaction-pending");

    private static final int IDLE_PROBES = 5;
    private static final long PROBE_EVERY_MILLIS = 40;

    /** Returns where {@code backend} keeps the state of this name, which must be registered. */
    public static Database of(AbstractKeyedStateBackend<?> backend, String state) {
        try {
            RocksDBKeyedStateBackend<?> disk =
                    backend instanceof RocksDBKeyedStateBackend<?> stock
                            ? stock
                            : (RocksDBKeyedStateBackend<?>)
                                    field(AdaptiveKeyedStateBackend.class, "disk").get(backend);
            Method columnFamily =
                    RocksDBKeyedStateBackend.class.getDeclaredMethod(
                            "getColumnFamilyHandle", String.class);
            columnFamily.setAccessible(true);
            return new Database(
                    (RocksDB) field(RocksDBKeyedStateBackend.class, "db").get(disk),
                    (ColumnFamilyHandle) columnFamily.invoke(disk, state));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Found no RocksDB in %s.".formatted(backend), e);
        }
    }

    private static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Brings all rows into files of one level, as they are after a while. */
    public void flushAndCompact() throws RocksDBException {
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            rocks.flush(wait, columnFamily);
        }
        rocks.compactRange(columnFamily);
    }

    /** Waits until RocksDB has nothing left to do in the background. */
    public void awaitIdle() throws RocksDBException, InterruptedException {
        int idle = 0;
        while (idle < IDLE_PROBES) {
            idle = isIdle() ? idle + 1 : 0;
            Thread.sleep(PROBE_EVERY_MILLIS);
        }
    }

    /** Whether RocksDB has nothing to do in the background just now. */
    public boolean isIdle() throws RocksDBException {
        for (String property : BACKGROUND_WORK) {
            if (rocks.getLongProperty(columnFamily, property) > 0) {
                return false;
            }
        }
        return true;
    }
}
