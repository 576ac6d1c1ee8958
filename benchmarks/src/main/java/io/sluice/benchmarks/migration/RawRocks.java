package io.sluice.benchmarks.migration;

import io.sluice.benchmarks.backend.Database;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.util.Arrays;

/**
 * The baseline: what RocksDB takes to write and to read the same rows, without Flink. The rows are
 * serialized before; copying them out of one large array is measured.
 */
final class RawRocks {

    private static final long BATCH_BYTES = 1 << 20;

    private RawRocks() {}

    /** Writes all rows in batches of 1 MiB, without the write-ahead log. */
    static void write(Database database, Rows.Serialized rows) throws RocksDBException {
        byte[] key = new byte[rows.keyBytes()];
        byte[] value = new byte[rows.valueBytes()];
        try (WriteOptions options = new WriteOptions().setDisableWAL(true);
                WriteBatch batch = new WriteBatch()) {
            for (byte[] group : rows.groups()) {
                for (int at = 0; at < group.length; at += key.length + value.length) {
                    System.arraycopy(group, at, key, 0, key.length);
                    System.arraycopy(group, at + key.length, value, 0, value.length);
                    batch.put(database.columnFamily(), key, value);
                    if (batch.getDataSize() >= BATCH_BYTES) {
                        database.rocks().write(options, batch);
                        batch.clear();
                    }
                }
            }
            database.rocks().write(options, batch);
        }
    }

    /** Reads key and value of all rows in order, past the block cache; returns their bytes. */
    static long scan(Database database) throws RocksDBException {
        long bytes = 0;
        try (ReadOptions options = scanOptions();
                RocksIterator rows =
                        database.rocks().newIterator(database.columnFamily(), options)) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                bytes += rows.key().length + rows.value().length;
            }
            rows.status();
        }
        return bytes;
    }

    /** Checks that two databases hold the same. */
    static void requireSame(Database one, Database other) throws RocksDBException {
        try (ReadOptions options = scanOptions();
                RocksIterator rows = one.rocks().newIterator(one.columnFamily(), options);
                RocksIterator others = other.rocks().newIterator(other.columnFamily(), options)) {
            rows.seekToFirst();
            others.seekToFirst();
            long count = 0;
            while (rows.isValid()
                    && others.isValid()
                    && Arrays.equals(rows.key(), others.key())
                    && Arrays.equals(rows.value(), others.value())) {
                rows.next();
                others.next();
                count++;
            }
            if (rows.isValid() || others.isValid()) {
                throw new IllegalStateException(
                        "The rows of the move and of the baseline differ behind row %d. Make Rows serialize as Flink does."
                                .formatted(count));
            }
        }
    }

    private static ReadOptions scanOptions() {
        return new ReadOptions().setTotalOrderSeek(true).setFillCache(false);
    }
}
