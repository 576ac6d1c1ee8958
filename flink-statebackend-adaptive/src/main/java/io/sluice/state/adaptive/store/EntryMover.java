package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;
import org.apache.flink.runtime.state.internal.InternalKvState.StateIncrementalVisitor;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Moves states that have one row an entry: value, list, reducing and aggregating state. A large
 * list goes out in one batch, as all entries, but is serialized over several slices.
 */
final class EntryMover<K, N, V> extends StateMover<K, N, V> {

    private static final int TABLE_POSITIONS_A_STEP = 1024;

    private final RowFormat<V> format;

    private final List<StateEntry<K, N, V>> written = new ArrayList<>();
    private final List<DiskTable.ParsedRow<K, N>> read = new ArrayList<>();

    private @Nullable StateMap<K, N, V> visited;
    private @Nullable StateIncrementalVisitor<K, N, V> visitor;
    private @Nullable LargeEntry<K, N, V> large;

    /** An entry that is serialized bit by bit while the operator may change it. */
    private static final class LargeEntry<K, N, V> {
        final K key;
        final N namespace;
        RowFormat.@Nullable Parts<V> parts;
        boolean changed;
        boolean inBatch;

        LargeEntry(K key, N namespace, RowFormat.Parts<V> parts) {
            this.key = key;
            this.namespace = namespace;
            this.parts = parts;
        }

        boolean is(K otherKey, N otherNamespace) {
            return key.equals(otherKey) && namespace.equals(otherNamespace);
        }
    }

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
        if (visited != entries) {
            visited = entries;
            visitor = null;
            large = null;
        }
        while (!slice.isSpent() && !isBatchFull()) {
            if (large != null) {
                fillFromLarge(large, keyGroup, entries, slice);
                return;
            }
            StateIncrementalVisitor<K, N, V> current = visitor;
            if (current == null || !current.hasNext()) {
                if (!written.isEmpty()) {
                    return;
                }
                current = entries.getStateIncrementalVisitor(TABLE_POSITIONS_A_STEP);
                visitor = current;
            }
            Collection<StateEntry<K, N, V>> some = current.nextEntries();
            if (some.isEmpty()) {
                slice.looked();
            }
            for (StateEntry<K, N, V> entry : some) {
                RowFormat.Parts<V> parts = format.inParts(entry.getState());
                if (parts != null) {
                    // The others of the chain come round again: the visitor starts anew.
                    large = new LargeEntry<>(entry.getKey(), entry.getNamespace(), parts);
                    visitor = null;
                    break;
                }
                slice.moved(
                        addRow(entry.getKey(), keyGroup, entry.getNamespace(), entry.getState()));
                written.add(entry);
            }
            if (large != null && !written.isEmpty()) {
                return;
            }
        }
    }

    private void fillFromLarge(
            LargeEntry<K, N, V> entry, int keyGroup, StateMap<K, N, V> entries, Slice slice)
            throws IOException, RocksDBException {
        RowFormat.Parts<V> parts = entry.parts;
        if (entry.changed) {
            // Only now by get, which copies what a running snapshot reads too: the change did so.
            entry.changed = false;
            V value = entries.get(entry.key, entry.namespace);
            if (parts == null || value == null || !parts.isStartOf(value)) {
                parts = value == null ? null : format.inParts(value);
                entry.parts = parts;
            }
        }
        if (parts == null) {
            large = null;
            return;
        }
        while (!parts.isComplete()) {
            if (slice.isSpent()) {
                return;
            }
            slice.prepared(parts.serializeNext());
        }
        byte[] row = disk.row(entry.key, keyGroup, entry.namespace);
        int bytes = row.length;
        for (byte[] part : parts.serialized()) {
            if (bytes == row.length) {
                batch.put(disk.columnFamily, row, part);
            } else {
                batch.merge(disk.columnFamily, row, part);
            }
            bytes += part.length;
        }
        slice.moved(bytes);
        entry.inBatch = true;
    }

    @Override
    void entryChanges(K key, N namespace) {
        if (large != null && large.is(key, namespace)) {
            large.changed = true;
        }
    }

    @Override
    void forgetProgress(int keyGroup) {
        super.forgetProgress(keyGroup);
        large = null;
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
        if (large != null && large.inBatch) {
            entries.remove(large.key, large.namespace);
            large = null;
        }
        forgetBatch();
    }

    @Override
    void forgetBatch() {
        super.forgetBatch();
        written.clear();
        if (large != null) {
            large.inBatch = false;
        }
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
            entryChanges(key, namespace);
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
