package io.sluice.state.adaptive.store;

import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SnapshotResult;

import io.sluice.state.adaptive.KeyedBackends;
import io.sluice.state.adaptive.KeyedBackends.SnapshotKind;
import io.sluice.state.adaptive.placement.Tier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.RocksDB;
import org.rocksdb.Status;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RunnableFuture;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** A large list goes to disk over several slices, whatever is done to it meanwhile. */
class LargeListMoveTest {

    private static final long KEY = 7;
    private static final int ELEMENTS = 10_000;

    @TempDir Path directory;

    private ListsOfOneGroup state;
    private final List<Integer> expected = new ArrayList<>();

    @BeforeEach
    void setUp() throws Exception {
        state = new ListsOfOneGroup(directory, TestPlacement.ALL_HEAP);
        for (long other = 0; other < 5; other++) {
            state.list(other, 0).add(-1);
        }
        expected.addAll(numbers(0, ELEMENTS));
        state.list(KEY, 0).addAll(new ArrayList<>(expected));
        state.list(KEY, 1).add(-2);
    }

    @AfterEach
    void tearDown() throws Exception {
        state.close();
    }

    /** What the operator does between two slices. */
    enum Change {
        NONE,
        ADD,
        ADD_MANY,
        REPLACE,
        REPLACE_BY_LESS,
        CLEAR,
        CLEAR_AND_ADD,
        MERGE,
        TURN_ROUND_AND_REPLACE
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void changeBetweenSlicesIsNotLost(Change change) throws Exception {
        moveInPart();

        apply(change);
        finish();

        assertContents();
    }

    /** Flink copies an entry that a running snapshot reads before it changes it. */
    @ParameterizedTest
    @EnumSource(Change.class)
    void changeBetweenSlicesIsNotLostWhileASnapshotRuns(Change change) throws Exception {
        RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot =
                KeyedBackends.start(
                        state.backend,
                        SnapshotKind.CHECKPOINT,
                        1,
                        state.backends.streams(1),
                        new CloseableRegistry());
        moveInPart();

        apply(change);
        state.run(2);
        state.run(2);
        apply(Change.ADD);
        finish();

        assertContents();
        snapshot.run();
        KeyedBackends.handles(snapshot.get()).get(0).discardState();
    }

    @Test
    void refusedWriteLeavesThePreparedListForTheNextSlice() throws Exception {
        state.backend.requestMove(ListsOfOneGroup.KEY_GROUP, Tier.DISK);
        state.backend.moveOptions().writeBy(new FailingWrites(0, Status.Code.Incomplete));
        assertThat(state.run(100)).isEqualTo(KeyGroupMoves.Progress.WAITING);
        apply(Change.ADD);

        state.backend.moveOptions().writeBy(RocksDB::write);
        finish();

        assertContents();
    }

    // ---------------------------------------------------------------------------------------------

    /** Runs until the large list is prepared in part, and only then comes back. */
    private void moveInPart() {
        state.backend.requestMove(ListsOfOneGroup.KEY_GROUP, Tier.DISK);
        for (int i = 0; i < 8; i++) {
            assertThat(state.run(2)).isEqualTo(KeyGroupMoves.Progress.BUSY);
        }
    }

    private void finish() {
        assertThat(state.run(100)).isEqualTo(KeyGroupMoves.Progress.IDLE);
    }

    private void apply(Change change) throws Exception {
        switch (change) {
            case NONE -> {}
            case ADD -> {
                state.list(KEY, 0).add(ELEMENTS);
                expected.add(ELEMENTS);
            }
            case ADD_MANY -> {
                state.list(KEY, 0).addAll(numbers(ELEMENTS, 2 * ELEMENTS));
                expected.addAll(numbers(ELEMENTS, 2 * ELEMENTS));
            }
            case REPLACE -> replaceBy(numbers(5, ELEMENTS + 5));
            case REPLACE_BY_LESS -> replaceBy(numbers(5, 10));
            case CLEAR -> {
                state.list(KEY, 0).clear();
                expected.clear();
            }
            case CLEAR_AND_ADD -> {
                apply(Change.CLEAR);
                apply(Change.ADD);
            }
            case MERGE -> {
                state.list(KEY, 0).mergeNamespaces(0, List.of(1));
                expected.add(-2);
            }
            case TURN_ROUND_AND_REPLACE -> {
                state.backend.requestMove(ListsOfOneGroup.KEY_GROUP, Tier.HEAP);
                apply(Change.REPLACE);
                state.backend.requestMove(ListsOfOneGroup.KEY_GROUP, Tier.DISK);
            }
        }
    }

    private void replaceBy(List<Integer> elements) throws Exception {
        state.list(KEY, 0).update(new ArrayList<>(elements));
        expected.clear();
        expected.addAll(elements);
    }

    private void assertContents() throws Exception {
        Iterable<Integer> actual = state.list(KEY, 0).get();
        assertThat(actual == null ? List.of() : actual).containsExactlyElementsOf(expected);
        for (long other = 0; other < 5; other++) {
            assertThat(state.list(other, 0).get()).containsExactly(-1);
        }
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
