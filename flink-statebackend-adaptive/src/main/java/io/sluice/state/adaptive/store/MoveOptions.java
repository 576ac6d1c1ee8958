package io.sluice.state.adaptive.store;

import org.rocksdb.ReadOptions;
import org.rocksdb.WriteOptions;

/**
 * RocksDB options of the moves of one backend, which closes them.
 *
 * @param writes without write-ahead log, as Flink writes; refused rather than delayed while RocksDB
 *     is behind
 * @param waitingWrites the same, but delayed
 * @param scans in order, and not through the block cache
 */
record MoveOptions(WriteOptions writes, WriteOptions waitingWrites, ReadOptions scans)
        implements AutoCloseable {

    static MoveOptions create() {
        return new MoveOptions(
                new WriteOptions().setDisableWAL(true).setNoSlowdown(true),
                new WriteOptions().setDisableWAL(true),
                new ReadOptions().setTotalOrderSeek(true).setFillCache(false));
    }

    @Override
    public void close() {
        writes.close();
        waitingWrites.close();
        scans.close();
    }
}
