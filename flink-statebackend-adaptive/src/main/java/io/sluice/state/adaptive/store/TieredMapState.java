package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.queryablestate.client.state.serialization.KvStateSerializer;
import org.apache.flink.runtime.state.internal.InternalMapState;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Map state: here the entry that is in exactly one tier is that of a user key, so that a large map
 * moves in parts.
 *
 * <p>An iterator over a map that moves gives what is on heap, then what is in RocksDB. Moves run
 * between two calls of a function, never within one, so an iterator sees each entry once.
 */
final class TieredMapState<K, N, UK, UV>
        extends TieredState<K, N, Map<UK, UV>, InternalMapState<K, N, UK, UV>>
        implements InternalMapState<K, N, UK, UV> {

    TieredMapState(Parts<K, N, Map<UK, UV>, InternalMapState<K, N, UK, UV>> parts) {
        super(parts);
    }

    /** Where reads and writes of all user keys go, or null if that depends on the user key. */
    private @Nullable InternalMapState<K, N, UK, UV> only() {
        byte residence = currentResidence();
        if (residence == Residence.HEAP) {
            return heap;
        }
        return residence == Residence.DISK ? disk() : null;
    }

    private InternalMapState<K, N, UK, UV> holderOf(UK userKey) throws Exception {
        InternalMapState<K, N, UK, UV> only = only();
        if (only != null) {
            return only;
        }
        return heap.contains(userKey) ? heap : disk();
    }

    @Override
    public UV get(UK userKey) throws Exception {
        return holderOf(userKey).get(userKey);
    }

    @Override
    public boolean contains(UK userKey) throws Exception {
        return holderOf(userKey).contains(userKey);
    }

    @Override
    public void remove(UK userKey) throws Exception {
        holderOf(userKey).remove(userKey);
    }

    @Override
    public void put(UK userKey, UV value) throws Exception {
        InternalMapState<K, N, UK, UV> only = only();
        if (only != null) {
            only.put(userKey, value);
        } else {
            putWhileMoving(userKey, value);
        }
    }

    private void putWhileMoving(UK userKey, UV value) throws Exception {
        if (heap.contains(userKey)
                || (currentResidence() == Residence.MOVING_IN && !disk().contains(userKey))) {
            heap.put(userKey, value);
        } else {
            disk().put(userKey, value);
        }
    }

    @Override
    public void putAll(Map<UK, UV> entries) throws Exception {
        InternalMapState<K, N, UK, UV> only = only();
        if (only != null) {
            only.putAll(entries);
            return;
        }
        for (Map.Entry<UK, UV> entry : entries.entrySet()) {
            putWhileMoving(entry.getKey(), entry.getValue());
        }
    }

    @Override
    public Iterable<Map.Entry<UK, UV>> entries() throws Exception {
        InternalMapState<K, N, UK, UV> only = only();
        if (only != null) {
            return only.entries();
        }
        Iterable<Map.Entry<UK, UV>> onHeap = heap.entries();
        Iterable<Map.Entry<UK, UV>> onDisk = disk().entries();
        return () -> new BothTiers<>(onHeap.iterator(), onDisk.iterator());
    }

    @Override
    public Iterable<UK> keys() throws Exception {
        InternalMapState<K, N, UK, UV> only = only();
        if (only != null) {
            return only.keys();
        }
        Iterable<UK> onHeap = heap.keys();
        Iterable<UK> onDisk = disk().keys();
        return () -> new BothTiers<>(onHeap.iterator(), onDisk.iterator());
    }

    @Override
    public Iterable<UV> values() throws Exception {
        InternalMapState<K, N, UK, UV> only = only();
        if (only != null) {
            return only.values();
        }
        Iterable<UV> onHeap = heap.values();
        Iterable<UV> onDisk = disk().values();
        return () -> new BothTiers<>(onHeap.iterator(), onDisk.iterator());
    }

    @Override
    public Iterator<Map.Entry<UK, UV>> iterator() throws Exception {
        InternalMapState<K, N, UK, UV> only = only();
        return only != null ? only.iterator() : new BothTiers<>(heap.iterator(), disk().iterator());
    }

    @Override
    public boolean isEmpty() throws Exception {
        InternalMapState<K, N, UK, UV> only = only();
        return only != null ? only.isEmpty() : heap.isEmpty() && disk().isEmpty();
    }

    @Override
    public void clear() {
        InternalMapState<K, N, UK, UV> only = only();
        if (only != null) {
            only.clear();
        } else {
            heap.clear();
            disk().clear();
        }
    }

    @Override
    @SuppressWarnings("NullAway") // Null is the answer for "no such entry".
    public byte[] getSerializedValue(
            byte[] serializedKeyAndNamespace,
            TypeSerializer<K> safeKeySerializer,
            TypeSerializer<N> safeNamespaceSerializer,
            TypeSerializer<Map<UK, UV>> safeValueSerializer)
            throws Exception {
        MapSerializer<UK, UV> serializer = (MapSerializer<UK, UV>) safeValueSerializer;
        TypeSerializer<UK> userKeys = serializer.getKeySerializer();
        TypeSerializer<UV> values = serializer.getValueSerializer();
        Map<UK, UV> all = new HashMap<>();
        // Heap again: entries may have moved there between the looks at heap and disk.
        for (InternalMapState<K, N, UK, UV> tier : List.of(heap, diskForQueries(), heap)) {
            byte[] some =
                    tier.getSerializedValue(
                            serializedKeyAndNamespace,
                            safeKeySerializer,
                            safeNamespaceSerializer,
                            safeValueSerializer);
            if (some != null) {
                all.putAll(KvStateSerializer.deserializeMap(some, userKeys, values));
            }
        }
        return all.isEmpty()
                ? null
                : KvStateSerializer.serializeMap(all.entrySet(), userKeys, values);
    }

    /** The entries of both tiers, heap first. */
    private static final class BothTiers<T> implements Iterator<T> {

        private final Iterator<T> onHeap;
        private final Iterator<T> onDisk;
        private @Nullable Iterator<T> last;

        BothTiers(Iterator<T> onHeap, Iterator<T> onDisk) {
            this.onHeap = onHeap;
            this.onDisk = onDisk;
        }

        @Override
        public boolean hasNext() {
            return onHeap.hasNext() || onDisk.hasNext();
        }

        @Override
        public T next() {
            Iterator<T> current = onHeap.hasNext() ? onHeap : onDisk;
            if (!current.hasNext()) {
                throw new NoSuchElementException();
            }
            last = current;
            return current.next();
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException(
                        "There is no entry to remove: next() was not called.");
            }
            last.remove();
        }
    }
}
