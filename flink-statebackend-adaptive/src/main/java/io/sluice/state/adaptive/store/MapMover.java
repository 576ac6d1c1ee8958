package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;
import org.apache.flink.runtime.state.internal.InternalKvState.StateIncrementalVisitor;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Moves map state, which has one row for each entry of a map: a large map spans slices. */
final class MapMover<K, N, UK, UV> extends StateMover<K, N, Map<UK, UV>> {

    private static final int TABLE_POSITIONS_A_STEP = 1024;

    private static final int SAMPLED_ROWS = 16;

    /** A map with more entries is moved entry by entry. */
    private static final int LARGE_MAP_ENTRIES = 512;

    private final TypeSerializer<UK> userKeySerializer;
    private final RowFormat<UV> format;
    private final DataOutputSerializer userKeyOutput = new DataOutputSerializer(64);
    private final DataInputDeserializer userKeyInput = new DataInputDeserializer();

    private final List<StateEntry<K, N, Map<UK, UV>>> written = new ArrayList<>();
    private final List<UK> writtenOfLargeMap = new ArrayList<>();
    private final List<ReadEntry<K, N, UK>> read = new ArrayList<>();

    private @Nullable StateMap<K, N, Map<UK, UV>> visited;
    private @Nullable StateIncrementalVisitor<K, N, Map<UK, UV>> visitor;
    private @Nullable LargeMap<K, N> largeMap;
    private DiskTable.@Nullable ParsedRow<K, N> lastRead;
    private byte[] lastReadStart = {};
    private @Nullable Map<UK, UV> lastReadMap;

    private record ReadEntry<K, N, UK>(K key, N namespace, UK userKey) {}

    /** A map that is moved in parts: its user keys as of the start, and how far the move is. */
    private static final class LargeMap<K, N> {
        final K key;
        final N namespace;
        final Object[] userKeys;
        int next;

        LargeMap(K key, N namespace, Object[] userKeys) {
            this.key = key;
            this.namespace = namespace;
            this.userKeys = userKeys;
        }
    }

    MapMover(
            StateTable<K, N, Map<UK, UV>> heap,
            DiskTable<K, N> disk,
            MapSerializer<UK, UV> serializer,
            MoveOptions options) {
        super(heap, disk, options);
        this.userKeySerializer = serializer.getKeySerializer();
        this.format = RowFormat.ofMapValues(serializer);
    }

    // --- out -------------------------------------------------------------------------------------

    @Override
    void fillBatch(int keyGroup, StateMap<K, N, Map<UK, UV>> entries, Slice slice)
            throws IOException, RocksDBException {
        if (visited != entries) {
            visited = entries;
            visitor = null;
            largeMap = null;
        }
        while (!slice.isSpent() && !isBatchFull()) {
            if (largeMap != null) {
                fillFromLargeMap(largeMap, keyGroup, entries, slice);
                return;
            }
            StateIncrementalVisitor<K, N, Map<UK, UV>> current = visitor;
            if (current == null || !current.hasNext()) {
                if (!written.isEmpty()) {
                    return;
                }
                current = entries.getStateIncrementalVisitor(TABLE_POSITIONS_A_STEP);
                visitor = current;
            }
            Collection<StateEntry<K, N, Map<UK, UV>>> some = current.nextEntries();
            if (some.isEmpty()) {
                slice.looked();
            }
            for (StateEntry<K, N, Map<UK, UV>> entry : some) {
                Map<UK, UV> map = entry.getState();
                if (map.size() > Math.min(LARGE_MAP_ENTRIES, slice.maxRows())) {
                    // The others of the chain come round again: the visitor starts anew.
                    largeMap =
                            new LargeMap<>(
                                    entry.getKey(), entry.getNamespace(), map.keySet().toArray());
                    visitor = null;
                    break;
                }
                disk.startRowsOf(entry.getKey(), keyGroup, entry.getNamespace());
                for (Map.Entry<UK, UV> row : map.entrySet()) {
                    slice.moved(addRow(row.getKey(), row.getValue()));
                }
                written.add(entry);
            }
            if (largeMap != null && !written.isEmpty()) {
                return;
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void fillFromLargeMap(
            LargeMap<K, N> large, int keyGroup, StateMap<K, N, Map<UK, UV>> entries, Slice slice)
            throws IOException, RocksDBException {
        // By get, which copies a map that a running snapshot reads too.
        Map<UK, UV> map = entries.get(large.key, large.namespace);
        if (map == null) {
            largeMap = null;
            return;
        }
        disk.startRowsOf(large.key, keyGroup, large.namespace);
        while (large.next < large.userKeys.length && !slice.isSpent() && !isBatchFull()) {
            UK userKey = (UK) large.userKeys[large.next++];
            if (map.containsKey(userKey)) {
                slice.moved(addRow(userKey, map.get(userKey)));
                writtenOfLargeMap.add(userKey);
            }
        }
    }

    private int addRow(UK userKey, @Nullable UV value) throws IOException, RocksDBException {
        byte[] row = disk.row(userKey, userKeySerializer);
        byte[] bytes = format.serialize(value);
        batch.put(disk.columnFamily, row, bytes);
        return row.length + bytes.length;
    }

    @Override
    void removeBatchFromHeap(StateMap<K, N, Map<UK, UV>> entries) {
        for (StateEntry<K, N, Map<UK, UV>> entry : written) {
            entries.remove(entry.getKey(), entry.getNamespace());
        }
        LargeMap<K, N> large = largeMap;
        if (large != null && (!writtenOfLargeMap.isEmpty() || written.isEmpty())) {
            Map<UK, UV> map = entries.get(large.key, large.namespace);
            if (map != null) {
                writtenOfLargeMap.forEach(map::remove);
                if (map.isEmpty()) {
                    entries.remove(large.key, large.namespace);
                }
            }
            if (large.next == large.userKeys.length) {
                largeMap = null;
            }
        }
        super.forgetBatch();
        written.clear();
        writtenOfLargeMap.clear();
        if (entries.isEmpty()) {
            forgetVisit();
        }
    }

    @Override
    void forgetBatch() {
        super.forgetBatch();
        written.clear();
        writtenOfLargeMap.clear();
        forgetVisit();
    }

    private void forgetVisit() {
        visited = null;
        visitor = null;
        largeMap = null;
    }

    @Override
    void moveOut(K key, int keyGroup, N namespace) throws IOException, RocksDBException {
        mayWriteBehindScan(keyGroup);
        StateMap<K, N, Map<UK, UV>> entries = heap.getMapForKeyGroup(keyGroup);
        Map<UK, UV> map = entries.get(key, namespace);
        if (map == null) {
            return;
        }
        try {
            disk.startRowsOf(key, keyGroup, namespace);
            for (Map.Entry<UK, UV> row : map.entrySet()) {
                addRow(row.getKey(), row.getValue());
            }
            writeBatchOrWait();
            entries.remove(key, namespace);
        } finally {
            batch.clear();
        }
    }

    @Override
    Sample sample(int keyBytes, Map<UK, UV> map) throws IOException {
        long bytes = 0;
        int looked = 0;
        for (Map.Entry<UK, UV> row : map.entrySet()) {
            if (looked++ == SAMPLED_ROWS) {
                break;
            }
            userKeyOutput.clear();
            userKeySerializer.serialize(row.getKey(), userKeyOutput);
            bytes += userKeyOutput.length() + format.serialize(row.getValue()).length;
        }
        int counted = Math.max(1, Math.min(looked, SAMPLED_ROWS));
        return new Sample(1, map.size(), keyBytes, bytes * map.size() / counted);
    }

    // --- in --------------------------------------------------------------------------------------

    @Override
    void putOnHeap(int keyGroup, RowBytes row, RowBytes value) throws IOException {
        DiskTable.ParsedRow<K, N> parsed = lastRead;
        Map<UK, UV> map = lastReadMap;
        if (parsed == null || map == null || !row.startsWith(lastReadStart)) {
            parsed = disk.parse(row);
            map = heap.getMapForKeyGroup(keyGroup).get(parsed.key(), parsed.namespace());
            if (map == null) {
                map = new HashMap<>();
                heap.put(parsed.key(), keyGroup, parsed.namespace(), map);
            }
            lastRead = parsed;
            lastReadStart = Arrays.copyOf(row.array(), parsed.userKeyOffset());
            lastReadMap = map;
        }
        int at = parsed.userKeyOffset();
        userKeyInput.setBuffer(row.array(), at, row.length() - at);
        UK userKey = userKeySerializer.deserialize(userKeyInput);
        read.add(new ReadEntry<>(parsed.key(), parsed.namespace(), userKey));
        map.put(userKey, format.deserialize(value));
    }

    @Override
    void settleOnHeap() {
        read.clear();
        lastRead = null;
        lastReadMap = null;
    }

    @Override
    void takeBackFromHeap(int keyGroup) {
        StateMap<K, N, Map<UK, UV>> entries = heap.getMapForKeyGroup(keyGroup);
        for (ReadEntry<K, N, UK> entry : read) {
            Map<UK, UV> map = entries.get(entry.key(), entry.namespace());
            if (map != null) {
                map.remove(entry.userKey());
                if (map.isEmpty()) {
                    entries.remove(entry.key(), entry.namespace());
                }
            }
        }
        if (lastRead != null) {
            Map<UK, UV> map = entries.get(lastRead.key(), lastRead.namespace());
            if (map != null && map.isEmpty()) {
                entries.remove(lastRead.key(), lastRead.namespace());
            }
        }
        settleOnHeap();
    }
}
