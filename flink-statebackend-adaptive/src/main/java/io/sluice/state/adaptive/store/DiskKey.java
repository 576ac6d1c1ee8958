package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.InternalKeyContext;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

/**
 * The current key of the RocksDB backend, which follows that of the heap only when a state goes to
 * disk: setting it serializes the key. Owned by the task thread.
 */
final class DiskKey<K> {

    private final RocksDBKeyedStateBackend<K> disk;
    private boolean stale = true;

    DiskKey(RocksDBKeyedStateBackend<K> disk) {
        this.disk = disk;
    }

    /** To be called whenever the key or its group has changed. */
    void invalidate() {
        stale = true;
    }

    void follow(InternalKeyContext<K> keyContext) {
        if (stale) {
            disk.setCurrentKeyAndKeyGroup(
                    keyContext.getCurrentKey(), keyContext.getCurrentKeyGroupIndex());
            stale = false;
        }
    }
}
