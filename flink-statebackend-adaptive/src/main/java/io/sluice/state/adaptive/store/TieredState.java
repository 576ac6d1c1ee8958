package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.InternalKeyContext;
import org.apache.flink.runtime.state.heap.AbstractHeapState;
import org.apache.flink.runtime.state.heap.StateTable;
import org.apache.flink.runtime.state.internal.InternalKvState;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

import java.io.IOException;
import java.util.List;

/**
 * A state whose entries are on heap, in RocksDB, or, while their key group moves, in either.
 *
 * <p>Each access asks where the current key group is and goes to Flink's own heap or RocksDB state.
 * Only in a group that moves is there more to it: it looks on heap first. Owned by the task thread.
 *
 * @param <K> key
 * @param <N> namespace
 * @param <V> value in the heap table
 * @param <S> kind of state, both on heap and in RocksDB
 */
abstract class TieredState<K, N, V, S extends InternalKvState<K, N, V>>
        implements InternalKvState<K, N, V> {

    final S heap;

    private final String name;
    private final S disk;
    private final AbstractHeapState<K, N, V> heapBase;
    private final InternalKeyContext<K> keyContext;
    private final DiskKey<K> diskKey;
    private final Residence residence;

    private StateMover<K, N, V> mover;
    private DiskTable<K, N> diskTable;
    private @Nullable N namespace;

    TieredState(Parts<K, N, V, S> parts) {
        this.name = parts.name();
        this.heap = parts.heap();
        this.disk = parts.disk();
        this.heapBase = parts.heapBase();
        this.keyContext = parts.keyContext();
        this.diskKey = parts.diskKey();
        this.residence = parts.residence();
        this.mover = parts.mover();
        this.diskTable = parts.diskTable();
    }

    /** What a state is made of. */
    record Parts<K, N, V, S extends InternalKvState<K, N, V>>(
            String name,
            S heap,
            AbstractHeapState<K, N, V> heapBase,
            S disk,
            InternalKeyContext<K> keyContext,
            DiskKey<K> diskKey,
            Residence residence,
            DiskTable<K, N> diskTable,
            StateMover<K, N, V> mover) {}

    /** Takes over serializers and column family after the state was registered again. */
    final void update(DiskTable<K, N> newDiskTable, StateMover<K, N, V> newMover) {
        mover.close();
        diskTable = newDiskTable;
        mover = newMover;
    }

    // --- for the subclasses ----------------------------------------------------------------------

    /** Where the current key group is. */
    final byte currentResidence() {
        return residence.of(keyContext.getCurrentKeyGroupIndex());
    }

    /** Whether the current key and namespace has its entry, if there is one, on heap. */
    final boolean isOnHeap() {
        byte current = currentResidence();
        return current == Residence.HEAP
                || (current != Residence.DISK && table().containsKey(currentNamespace()));
    }

    /**
     * Whether an entry for the current key and namespace, there or not, is to be put on heap. To be
     * asked before it is.
     */
    final boolean belongsOnHeap() throws RocksDBException {
        byte current = currentResidence();
        return switch (current) {
            case Residence.HEAP -> true;
            case Residence.DISK -> false;
            case Residence.MOVING_OUT -> {
                boolean onHeap = table().containsKey(currentNamespace());
                if (onHeap) {
                    mover.entryChanges(keyContext.getCurrentKey(), currentNamespace());
                }
                yield onHeap;
            }
            default ->
                    table().containsKey(currentNamespace())
                            || !diskTable.contains(
                                    diskTable.row(
                                            keyContext.getCurrentKey(),
                                            keyContext.getCurrentKeyGroupIndex(),
                                            currentNamespace()));
        };
    }

    /** The RocksDB state, at the current key and namespace. */
    final S disk() {
        diskKey.follow(keyContext);
        disk.setCurrentNamespace(currentNamespace());
        return disk;
    }

    /** The RocksDB state, at the current key: for calls that bring their namespaces. */
    final S diskInAnyNamespace() {
        diskKey.follow(keyContext);
        return disk;
    }

    /** The RocksDB state at no particular key, for threads other than the task's. */
    final S diskForQueries() {
        return disk;
    }

    final StateTable<K, N, V> table() {
        return heapBase.getStateTable();
    }

    final N currentNamespace() {
        N current = namespace;
        if (current == null) {
            throw new IllegalStateException("No namespace is set for state '" + name + "'.");
        }
        return current;
    }

    /**
     * Moves the entry of the current key in {@code other} namespace to RocksDB, if it is on heap.
     */
    final void moveOutNow(N other) throws IOException, RocksDBException {
        mover.moveOut(keyContext.getCurrentKey(), keyContext.getCurrentKeyGroupIndex(), other);
    }

    // --- for the moves ---------------------------------------------------------------------------

    final String name() {
        return name;
    }

    final Residence residence() {
        return residence;
    }

    final StateMover<K, N, V> mover() {
        return mover;
    }

    // --- InternalKvState -------------------------------------------------------------------------

    @Override
    public final void setCurrentNamespace(N newNamespace) {
        heapBase.setCurrentNamespace(newNamespace);
        namespace = newNamespace;
    }

    @Override
    public final TypeSerializer<K> getKeySerializer() {
        return heap.getKeySerializer();
    }

    @Override
    public final TypeSerializer<N> getNamespaceSerializer() {
        return heap.getNamespaceSerializer();
    }

    @Override
    public final TypeSerializer<V> getValueSerializer() {
        return heap.getValueSerializer();
    }

    /**
     * {@inheritDoc}
     *
     * <p>For queryable state, from its own threads: as racy as Flink's heap state is.
     */
    @Override
    @SuppressWarnings("NullAway") // Null is the answer for "no such entry".
    public byte[] getSerializedValue(
            byte[] serializedKeyAndNamespace,
            TypeSerializer<K> safeKeySerializer,
            TypeSerializer<N> safeNamespaceSerializer,
            TypeSerializer<V> safeValueSerializer)
            throws Exception {
        // Heap again: it may have moved there between the looks at heap and disk.
        for (S tier : List.of(heap, disk, heap)) {
            byte[] found =
                    tier.getSerializedValue(
                            serializedKeyAndNamespace,
                            safeKeySerializer,
                            safeNamespaceSerializer,
                            safeValueSerializer);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Visits the heap; what is in RocksDB is cleaned up by its compaction.
     */
    @Override
    public final StateIncrementalVisitor<K, N, V> getStateIncrementalVisitor(
            int recommendedMaxNumberOfReturnedRecords) {
        return heap.getStateIncrementalVisitor(recommendedMaxNumberOfReturnedRecords);
    }

    @Override
    public void clear() {
        if (isOnHeap()) {
            mover.entryChanges(keyContext.getCurrentKey(), currentNamespace());
            heap.clear();
        } else {
            disk().clear();
        }
    }
}
