package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.internal.InternalMergingState;

import java.util.Collection;

/** What list, reducing and aggregating state have in common: one entry, added to and merged. */
abstract class TieredMergingState<
                K, N, IN, V, OUT, S extends InternalMergingState<K, N, IN, V, OUT>>
        extends TieredState<K, N, V, S> implements InternalMergingState<K, N, IN, V, OUT> {

    TieredMergingState(Parts<K, N, V, S> parts) {
        super(parts);
    }

    @Override
    public OUT get() throws Exception {
        return isOnHeap() ? heap.get() : disk().get();
    }

    @Override
    public void add(IN value) throws Exception {
        if (belongsOnHeap()) {
            heap.add(value);
        } else {
            disk().add(value);
        }
    }

    @Override
    public V getInternal() throws Exception {
        return isOnHeap() ? heap.getInternal() : disk().getInternal();
    }

    @Override
    public void updateInternal(V valueToStore) throws Exception {
        if (belongsOnHeap()) {
            heap.updateInternal(valueToStore);
        } else {
            disk().updateInternal(valueToStore);
        }
    }

    @Override
    public void mergeNamespaces(N target, Collection<N> sources) throws Exception {
        byte residence = currentResidence();
        if (residence == Residence.HEAP) {
            heap.mergeNamespaces(target, sources);
            return;
        }
        if (residence != Residence.DISK && sources != null) {
            moveOutNow(target);
            for (N source : sources) {
                if (source != null) {
                    moveOutNow(source);
                }
            }
        }
        diskInAnyNamespace().mergeNamespaces(target, sources);
    }
}
