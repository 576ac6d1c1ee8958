package io.sluice.state.adaptive.store;

import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Writes to RocksDB of which the first few succeed, and all others fail without any effect. */
final class FailingWrites implements MoveOptions.RowWriter {

    private final Status.Code code;
    private int writesLeft;
    private boolean failed;

    FailingWrites(int writesLeft, Status.Code code) {
        this.writesLeft = writesLeft;
        this.code = code;
    }

    @Override
    public void write(RocksDB database, WriteOptions options, WriteBatch batch)
            throws RocksDBException {
        if (writesLeft == 0) {
            failed = true;
            throw new RocksDBException(
                    new Status(code, Status.SubCode.None, "Injected failure of a write."));
        }
        writesLeft--;
        database.write(options, batch);
    }

    boolean failed() {
        return failed;
    }
}
