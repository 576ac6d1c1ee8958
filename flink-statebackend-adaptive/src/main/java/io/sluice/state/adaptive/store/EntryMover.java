package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;
import org.apache.flink.runtime.state.internal.InternalKvState.StateIncrementalVisitor;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Moves states that have one row an entry: value, list, reducing and aggregating state. */
final class EntryMover<K, N, V> extends StateMover<K, N, V> {

    private static final int TABLE_POSITIONS_A_STEP = 1024;

    private final RowFormat<V> format;

    private final List<StateEntry<K, N, V>> written = new ArrayList<>();
    private final List<DiskTable.ParsedRow<K, N>> read = new ArrayList<>();

    private @Nullable StateMap<K, N, V> visited;
    private @Nullable StateIncrementalVisitor<K, N, V> visitor;

    EntryMover(
            StateTable<K, N, V> heap,
            DiskTable<K, N> disk,
            RowFormat<V> format,
            MoveOptions options) {
        super(heap, disk, options);
        this.format = format;
    }

    @Override
    void fillBatch(int keyGroup, StateMap<K, N, V> entries, Slice slice)
            throws IOException, RocksDBException {
        while (!slice.isSpent() && !isBatchFull()) {
            StateIncrementalVisitor<K, N, V> current = visitor;
            if (current == null || visited != entries || !current.hasNext()) {
                if (!written.isEmpty()) {
                    return;
                }
                current = entries.getStateIncrementalVisitor(TABLE_POSITIONS_A_STEP);
                visitor = current;
                visited = entries;
            }
            for (StateEntry<K, N, V> entry : current.nextEntries()) {
                slice.moved(
                        addRow(entry.getKey(), keyGroup, entry.getNamespace(), entry.getState()));
                written.add(entry);
            }
        }
    }

    private int addRow(K key, int keyGroup, N namespace, V value)
            throws IOException, RocksDBException {
        byte[] row = disk.row(key, keyGroup, namespace);
        byte[] bytes = format.serialize(value);
        batch.put(disk.columnFamily, row, bytes);
        return row.length + bytes.length;
    }

    @Override
    void removeBatchFromHeap(StateMap<K, N, V> entries) {
        for (StateEntry<K, N, V> entry : written) {
            entries.remove(entry.getKey(), entry.getNamespace());
        }
        forgetBatch();
    }

    @Override
    void forgetBatch() {
        super.forgetBatch();
        written.clear();
        if (visited != null && visited.isEmpty()) {
            visited = null;
            visitor = null;
        }
    }

    @Override
    void moveOut(K key, int keyGroup, N namespace) throws IOException, RocksDBException {
        mayWriteBehindScan(keyGroup);
        StateMap<K, N, V> entries = heap.getMapForKeyGroup(keyGroup);
        if (!entries.containsKey(key, namespace)) {
            return;
        }
        try {
            addRow(key, keyGroup, namespace, entries.get(key, namespace));
            writeBatchOrWait();
            entries.remove(key, namespace);
        } finally {
            batch.clear();
        }
    }

    @Override
    Sample sample(int keyBytes, V value) throws IOException {
        return new Sample(1, 1, keyBytes, format.estimatedSize(value));
    }

    @Override
    void putOnHeap(int keyGroup, RowBytes row, RowBytes value) throws IOException {
        DiskTable.ParsedRow<K, N> parsed = disk.parse(row);
        heap.put(parsed.key(), keyGroup, parsed.namespace(), format.deserialize(value));
        read.add(parsed);
    }

    @Override
    void settleOnHeap() {
        read.clear();
    }

    @Override
    void takeBackFromHeap(int keyGroup) {
        StateMap<K, N, V> entries = heap.getMapForKeyGroup(keyGroup);
        for (DiskTable.ParsedRow<K, N> parsed : read) {
            entries.remove(parsed.key(), parsed.namespace());
        }
        read.clear();
    }
}
