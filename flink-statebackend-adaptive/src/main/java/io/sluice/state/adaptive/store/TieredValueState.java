package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.internal.InternalValueState;

import org.rocksdb.RocksDBException;

import java.io.IOException;

final class TieredValueState<K, N, V> extends TieredState<K, N, V, InternalValueState<K, N, V>>
        implements InternalValueState<K, N, V> {

    TieredValueState(Parts<K, N, V, InternalValueState<K, N, V>> parts) {
        super(parts);
    }

    @Override
    public V value() throws IOException {
        return isOnHeap() ? heap.value() : disk().value();
    }

    @Override
    public void update(V value) throws IOException {
        if (toHeap()) {
            heap.update(value);
        } else {
            disk().update(value);
        }
    }

    private boolean toHeap() throws IOException {
        try {
            return belongsOnHeap();
        } catch (RocksDBException e) {
            throw new IOException("Error while looking up an entry of state '" + name() + "'.", e);
        }
    }
}
