package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.internal.InternalListState;

import io.sluice.state.adaptive.KeyedBackends;
import io.sluice.state.adaptive.placement.Tier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Merged namespaces, as of session windows, in a key group that moves to the heap. */
class MergeDuringMoveTest {

    private static final int KEY_GROUP = 0;
    private static final int KEYS = 20;
    private static final ListStateDescriptor<String> DESCRIPTOR =
            new ListStateDescriptor<>("list", StringSerializer.INSTANCE);

    @TempDir Path directory;

    private KeyedBackends backends;
    private AdaptiveKeyedStateBackend<Long> backend;

    @BeforeEach
    void setUp() throws Exception {
        backends = new KeyedBackends(directory, new KeyedBackends.Time(), 0);
        backend =
                (AdaptiveKeyedStateBackend<Long>)
                        backends.open(
                                backends.adaptive(TestPlacement.ALL_DISK),
                                LongSerializer.INSTANCE,
                                1,
                                KeyGroupRange.of(KEY_GROUP, KEY_GROUP),
                                List.of());
        for (long key = 0; key < KEYS; key++) {
            list(key, 0).add("a");
            list(key, 1).add("b");
        }
    }

    @AfterEach
    void tearDown() throws Exception {
        backend.close();
        backend.dispose();
        backends.close();
    }

    /** A merge brings entries to disk, also where the scan of the move has passed. */
    @Test
    void mergedEntriesComeToTheHeapToo() throws Exception {
        backend.requestMove(KEY_GROUP, Tier.HEAP);
        assertThat(run(KEYS)).isEqualTo(KeyGroupMoves.Progress.BUSY);

        for (long key = 0; key < KEYS; key++) {
            list(key, 0).mergeNamespaces(0, List.of(1));
        }
        assertThat(run(4 * KEYS)).isEqualTo(KeyGroupMoves.Progress.IDLE);

        for (long key = 0; key < KEYS; key++) {
            assertThat(list(key, 0).get()).containsExactly("a", "b");
            assertThat(list(key, 1).get()).isNull();
        }
    }

    private KeyGroupMoves.Progress run(int rows) {
        return backend.runSlice(new Slice(System.nanoTime() + 60_000_000_000L, rows));
    }

    @SuppressWarnings("unchecked")
    private InternalListState<Long, Integer, String> list(long key, int namespace)
            throws Exception {
        backend.setCurrentKey(key);
        return (InternalListState<Long, Integer, String>)
                backend.getPartitionedState(namespace, IntSerializer.INSTANCE, DESCRIPTOR);
    }
}
