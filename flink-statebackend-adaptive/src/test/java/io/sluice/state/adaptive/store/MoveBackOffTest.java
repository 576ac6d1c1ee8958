package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

import io.sluice.state.adaptive.KeyedBackends;
import io.sluice.state.adaptive.placement.Motion;
import io.sluice.state.adaptive.placement.Tier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a move that fails half-way, and when it goes on. */
class MoveBackOffTest {

    private static final int KEY_GROUP = 0;
    private static final int KEYS = 20;
    private static final StateDescriptor<ValueState<String>, String> DESCRIPTOR =
            new ValueStateDescriptor<>("value", new Fragile.Strings());

    @TempDir Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private KeyedBackends backends;
    private AdaptiveKeyedStateBackend<Long> backend;
    private TieredState<?, ?, ?, ?> state;
    private KeyGroupMoves moves;

    /** Moves from the other tier to {@code target}, of which one fails. */
    enum Move {
        OUT(Tier.DISK, TestPlacement.ALL_HEAP),
        IN(Tier.HEAP, TestPlacement.ALL_DISK);

        final Tier target;
        final TestPlacement before;

        Move(Tier target, TestPlacement before) {
            this.target = target;
            this.before = before;
        }

        Tier source() {
            return target == Tier.HEAP ? Tier.DISK : Tier.HEAP;
        }
    }

    @BeforeEach
    void setUp() throws Exception {
        backends = new KeyedBackends(directory, new KeyedBackends.Time(), 0);
        open(TestPlacement.ALL_HEAP);
    }

    @AfterEach
    void tearDown() throws Exception {
        close();
        backends.close();
    }

    private void open(TestPlacement placement) throws Exception {
        backend =
                (AdaptiveKeyedStateBackend<Long>)
                        backends.open(
                                backends.adaptive(placement),
                                new Fragile.Longs(),
                                1,
                                KeyGroupRange.of(KEY_GROUP, KEY_GROUP),
                                List.of());
        state =
                (TieredState<?, ?, ?, ?>)
                        backend.getOrCreateKeyedState(VoidNamespaceSerializer.INSTANCE, DESCRIPTOR);
        moves =
                new KeyGroupMoves(
                        "the test",
                        KEY_GROUP,
                        new Tier[] {placement.initialTier(KEY_GROUP)},
                        List.of(state),
                        nanos::get);
        for (long key = 0; key < KEYS; key++) {
            value(key).update("value " + key);
        }
    }

    private void close() throws Exception {
        backend.close();
        backend.dispose();
    }

    @ParameterizedTest
    @EnumSource(Move.class)
    void failedMoveGoesBackAfterTenSeconds(Move move) throws Exception {
        reopen(move.before);
        failHalfWay(move.target);

        nanos.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
        assertThat(run(KEYS)).isEqualTo(KeyGroupMoves.Progress.WAITING);
        nanos.incrementAndGet();
        assertThat(run(KEYS + 1)).isEqualTo(KeyGroupMoves.Progress.IDLE);

        assertThat(moves.target(KEY_GROUP)).isEqualTo(move.source());
        assertThat(state.residence().of(KEY_GROUP)).isEqualTo(Residence.settledIn(move.source()));
        assertAllReadable();
    }

    @ParameterizedTest
    @EnumSource(Move.class)
    void failedMoveLeavesEveryEntryReadable(Move move) throws Exception {
        reopen(move.before);

        failHalfWay(move.target);

        assertThat(state.residence().isMoving(KEY_GROUP)).isTrue();
        assertThat(moves.hasFailed(KEY_GROUP)).isTrue();
        assertAllReadable();
    }

    @ParameterizedTest
    @EnumSource(Move.class)
    void failedMoveLeavesEveryEntryInOneTierOnly(Move move) throws Exception {
        reopen(move.before);
        failHalfWay(move.target);

        for (long key = 0; key < KEYS; key++) {
            value(key).clear();
        }

        // What was in both tiers would show again.
        for (long key = 0; key < KEYS; key++) {
            assertThat(value(key).value()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Move.class)
    void moveThatIsAskedForAgainDoesNotWait(Move move) throws Exception {
        reopen(move.before);
        failHalfWay(move.target);

        moves.request(KEY_GROUP, move.target);
        assertThat(run(KEYS + 1)).isEqualTo(KeyGroupMoves.Progress.IDLE);

        assertThat(moves.hasFailed(KEY_GROUP)).isFalse();
        assertThat(state.residence().of(KEY_GROUP)).isEqualTo(Residence.settledIn(move.target));
        assertAllReadable();
    }

    @ParameterizedTest
    @EnumSource(Move.class)
    void stoppedMoveStaysWhereItIsUntilItIsAskedForAgain(Move move) throws Exception {
        reopen(move.before);
        moves.request(KEY_GROUP, move.target);
        run(5);

        moves.stop(KEY_GROUP);
        moves.settle(state);
        assertThat(run(KEYS)).isEqualTo(KeyGroupMoves.Progress.IDLE);
        assertThat(moves.motion(KEY_GROUP)).isEqualTo(Motion.STOPPED);
        assertAllReadable();

        moves.request(KEY_GROUP, move.target);
        assertThat(run(KEYS + 1)).isEqualTo(KeyGroupMoves.Progress.IDLE);
        assertThat(moves.motion(KEY_GROUP)).isEqualTo(Motion.AT_REST);
        assertThat(state.residence().of(KEY_GROUP)).isEqualTo(Residence.settledIn(move.target));
        assertAllReadable();
    }

    @Test
    void wayBackThatFailsWaitsTwiceAsLong() throws Exception {
        failHalfWay(Tier.DISK);
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        Fragile.failingAfter(0, () -> run(KEYS));

        nanos.addAndGet(Duration.ofSeconds(20).toNanos() - 1);
        assertThat(run(KEYS)).isEqualTo(KeyGroupMoves.Progress.WAITING);
        nanos.incrementAndGet();
        assertThat(run(KEYS + 1)).isEqualTo(KeyGroupMoves.Progress.IDLE);

        assertThat(moves.failedMoves()).isEqualTo(2);
        assertAllReadable();
    }

    @Test
    void failureSaysWhatFailedAndWhatBecomesOfIt() throws Exception {
        failHalfWay(Tier.DISK);

        assertThat(moves.lastFailure())
                .isEqualTo(
                        "Key group 0 of the test could not be moved to disk: state 'value' failed. "
                                + "Every entry stays readable where it is; what has moved is "
                                + "brought back in 10 s. Cause: "
                                + "org.apache.flink.util.FlinkRuntimeException: "
                                + "java.io.IOException: Injected failure of a serializer.");
    }

    // ---------------------------------------------------------------------------------------------

    private void reopen(TestPlacement placement) throws Exception {
        close();
        open(placement);
    }

    /** Moves some entries, and fails in the next slice. */
    private void failHalfWay(Tier target) {
        moves.request(KEY_GROUP, target);
        assertThat(run(5)).isEqualTo(KeyGroupMoves.Progress.BUSY);
        Fragile.failingAfter(2, () -> run(5));
        assertThat(moves.failedMoves()).isEqualTo(1);
    }

    private KeyGroupMoves.Progress run(int rows) {
        return moves.runSlice(new Slice(System.nanoTime() + 60_000_000_000L, rows));
    }

    private ValueState<String> value(long key) throws Exception {
        backend.setCurrentKey(key);
        return backend.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, DESCRIPTOR);
    }

    private void assertAllReadable() throws Exception {
        for (long key = 0; key < KEYS; key++) {
            assertThat(value(key).value()).isEqualTo("value " + key);
        }
    }
}
