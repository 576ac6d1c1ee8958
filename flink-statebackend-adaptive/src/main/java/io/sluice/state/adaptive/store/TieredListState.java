package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.internal.InternalListState;

import java.util.List;

final class TieredListState<K, N, E>
        extends TieredMergingState<K, N, E, List<E>, Iterable<E>, InternalListState<K, N, E>>
        implements InternalListState<K, N, E> {

    TieredListState(Parts<K, N, List<E>, InternalListState<K, N, E>> parts) {
        super(parts);
    }

    @Override
    public void update(List<E> values) throws Exception {
        if (belongsOnHeap()) {
            heap.update(values);
        } else {
            disk().update(values);
        }
    }

    @Override
    public void addAll(List<E> values) throws Exception {
        if (belongsOnHeap()) {
            heap.addAll(values);
        } else {
            disk().addAll(values);
        }
    }
}
