package io.sluice.state.adaptive.store;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * How the moves of a backend read and write RocksDB. Owned by the task thread; the backend closes
 * it.
 */
final class MoveOptions implements AutoCloseable {

    /** In order, and not through the block cache. */
    final ReadOptions scans = new ReadOptions().setTotalOrderSeek(true).setFillCache(false);

    /**
     * Without write-ahead log, as Flink writes; refused rather than delayed while RocksDB is
     * behind.
     */
    private final WriteOptions writes = new WriteOptions().setDisableWAL(true).setNoSlowdown(true);

    /** The same, but delayed. */
    private final WriteOptions waitingWrites = new WriteOptions().setDisableWAL(true);

    private RowWriter writer = RocksDB::write;

    /** Writes a batch, or fails: a seam for tests that make it fail. */
    @FunctionalInterface
    interface RowWriter {
        void write(RocksDB database, WriteOptions options, WriteBatch batch)
                throws RocksDBException;
    }

    void writeBy(RowWriter newWriter) {
        writer = newWriter;
    }

    /** Fails with {@link org.rocksdb.Status.Code#Incomplete} if it would have to wait. */
    void write(RocksDB database, WriteBatch batch) throws RocksDBException {
        writer.write(database, writes, batch);
    }

    void writeOrWait(RocksDB database, WriteBatch batch) throws RocksDBException {
        writer.write(database, waitingWrites, batch);
    }

    @Override
    public void close() {
        writes.close();
        waitingWrites.close();
        scans.close();
    }
}
