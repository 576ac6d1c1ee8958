package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.internal.InternalReducingState;

final class TieredReducingState<K, N, V>
        extends TieredMergingState<K, N, V, V, V, InternalReducingState<K, N, V>>
        implements InternalReducingState<K, N, V> {

    TieredReducingState(Parts<K, N, V, InternalReducingState<K, N, V>> parts) {
        super(parts);
    }
}
