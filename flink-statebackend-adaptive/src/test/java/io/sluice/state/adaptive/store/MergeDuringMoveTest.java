package io.sluice.state.adaptive.store;

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

    private static final int KEYS = 20;

    @TempDir Path directory;

    private ListsOfOneGroup state;

    @BeforeEach
    void setUp() throws Exception {
        state = new ListsOfOneGroup(directory, TestPlacement.ALL_DISK);
        for (long key = 0; key < KEYS; key++) {
            state.list(key, 0).add(10);
            state.list(key, 1).add(20);
        }
    }

    @AfterEach
    void tearDown() throws Exception {
        state.close();
    }

    /** A merge brings entries to disk, also where the scan of the move has passed. */
    @Test
    void mergedEntriesComeToTheHeapToo() throws Exception {
        state.backend.requestMove(ListsOfOneGroup.KEY_GROUP, Tier.HEAP);
        assertThat(state.run(KEYS)).isEqualTo(KeyGroupMoves.Progress.BUSY);

        for (long key = 0; key < KEYS; key++) {
            state.list(key, 0).mergeNamespaces(0, List.of(1));
        }
        assertThat(state.run(4 * KEYS)).isEqualTo(KeyGroupMoves.Progress.IDLE);

        for (long key = 0; key < KEYS; key++) {
            assertThat(state.list(key, 0).get()).containsExactly(10, 20);
            assertThat(state.list(key, 1).get()).isNull();
        }
    }
}
