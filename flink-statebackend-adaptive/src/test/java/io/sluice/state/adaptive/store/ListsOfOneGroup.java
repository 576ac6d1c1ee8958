package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.internal.InternalListState;

import io.sluice.state.adaptive.KeyedBackends;

import java.nio.file.Path;
import java.util.List;

/** A list state of numbers in a backend with one key group, whose moves a test drives. */
final class ListsOfOneGroup implements AutoCloseable {

    static final int KEY_GROUP = 0;

    private static final ListStateDescriptor<Integer> DESCRIPTOR =
            new ListStateDescriptor<>("list", IntSerializer.INSTANCE);

    final KeyedBackends backends;
    final AdaptiveKeyedStateBackend<Long> backend;

    ListsOfOneGroup(Path directory, TestPlacement placement) throws Exception {
        backends = new KeyedBackends(directory, new KeyedBackends.Time(), 0);
        backend =
                (AdaptiveKeyedStateBackend<Long>)
                        backends.open(
                                backends.adaptive(placement),
                                LongSerializer.INSTANCE,
                                1,
                                KeyGroupRange.of(KEY_GROUP, KEY_GROUP),
                                List.of());
    }

    @SuppressWarnings("unchecked")
    InternalListState<Long, Integer, Integer> list(long key, int namespace) throws Exception {
        backend.setCurrentKey(key);
        return (InternalListState<Long, Integer, Integer>)
                backend.getPartitionedState(namespace, IntSerializer.INSTANCE, DESCRIPTOR);
    }

    /** Goes on with moves, for so many rows. */
    KeyGroupMoves.Progress run(int rows) {
        return backend.runSlice(new Slice(System.nanoTime() + 60_000_000_000L, rows));
    }

    @Override
    public void close() throws Exception {
        backend.close();
        backend.dispose();
        backends.close();
    }
}
