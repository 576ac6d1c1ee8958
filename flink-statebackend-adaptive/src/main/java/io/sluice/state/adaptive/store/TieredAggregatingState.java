package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.internal.InternalAggregatingState;

final class TieredAggregatingState<K, N, IN, ACC, OUT>
        extends TieredMergingState<K, N, IN, ACC, OUT, InternalAggregatingState<K, N, IN, ACC, OUT>>
        implements InternalAggregatingState<K, N, IN, ACC, OUT> {

    TieredAggregatingState(Parts<K, N, ACC, InternalAggregatingState<K, N, IN, ACC, OUT>> parts) {
        super(parts);
    }
}
