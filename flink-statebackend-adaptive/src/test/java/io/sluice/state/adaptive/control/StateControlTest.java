package io.sluice.state.adaptive.control;

import io.sluice.state.adaptive.placement.BackendLoad;
import io.sluice.state.adaptive.placement.GroupMove;
import io.sluice.state.adaptive.placement.KeyGroupLoad;
import io.sluice.state.adaptive.placement.Motion;
import io.sluice.state.adaptive.placement.PlacementMode;
import io.sluice.state.adaptive.placement.SlotBudget;
import io.sluice.state.adaptive.placement.Tier;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StateControlTest {

    private final StateControl control = new StateControl();

    @Test
    void groupsThatAreNotAllThereAreAskedFor() {
        TestingBackend backend =
                add(
                        1,
                        PlacementMode.MANUAL,
                        group(0, Tier.HEAP, Motion.AT_REST),
                        group(1, Tier.DISK, Motion.AT_REST),
                        group(2, Tier.DISK, Motion.STOPPED),
                        group(3, Tier.DISK, Motion.MOVING));

        List<StateControl.AcceptedMove> accepted = control.move(any -> true, Tier.DISK, 1.0, 0.5);

        assertThat(accepted).containsExactly(new StateControl.AcceptedMove(1, 3));
        assertThat(backend.requested)
                .extracting(GroupMove::keyGroup)
                .containsExactlyInAnyOrder(0, 2, 3);
    }

    @Test
    void groupsThatAreThereCountForTheFraction() {
        TestingBackend backend =
                add(
                        1,
                        PlacementMode.AUTO,
                        group(0, Tier.HEAP, Motion.AT_REST),
                        group(1, Tier.HEAP, Motion.AT_REST),
                        group(2, Tier.HEAP, Motion.AT_REST),
                        group(3, Tier.DISK, Motion.AT_REST));

        control.move(any -> true, Tier.DISK, 0.5, 1.0);

        assertThat(backend.requested).hasSize(1);
    }

    @Test
    void pinnedStateNeitherMovesNorStops() {
        TestingBackend free = add(1, PlacementMode.AUTO, group(0, Tier.HEAP, Motion.AT_REST));
        add(2, PlacementMode.PIN_HEAP, group(0, Tier.HEAP, Motion.AT_REST));
        String message =
                "The state of op-2 is pinned: state.backend.adaptive.mode is pin-heap. Set it to "
                        + "auto or manual.";

        assertThatThrownBy(() -> control.move(any -> true, Tier.DISK, 1, 1)).hasMessage(message);
        assertThatThrownBy(() -> control.stop(any -> true)).hasMessage(message);

        assertThat(free.requested).isEmpty();
        assertThat(free.stops).isZero();
    }

    @Test
    void onlyBackendsThatAreMeantStopAndAreReleased() {
        TestingBackend meant = add(1, PlacementMode.AUTO, group(0, Tier.HEAP, Motion.MOVING));
        TestingBackend other = add(2, PlacementMode.AUTO, group(0, Tier.HEAP, Motion.MOVING));

        control.stop(status -> status.backendId() == 1);
        control.release(status -> status.backendId() == 1);

        assertThat(List.of(meant.stops, meant.releases)).containsExactly(1, 1);
        assertThat(List.of(other.stops, other.releases)).containsExactly(0, 0);
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> control.move(any -> true, Tier.DISK, 0, 1))
                .hasMessage("fraction is 0.0; it must be in (0, 1].");
        assertThatThrownBy(() -> control.move(any -> true, Tier.DISK, 1, 1.5))
                .hasMessage("taskShare is 1.5; it must be in (0, 1].");
    }

    // ---------------------------------------------------------------------------------------------

    private TestingBackend add(long id, PlacementMode mode, KeyGroupLoad... groups) {
        TestingBackend backend = new TestingBackend(id, mode, List.of(groups));
        control.add(backend);
        return backend;
    }

    private static KeyGroupLoad group(int keyGroup, Tier tier, Motion motion) {
        return new KeyGroupLoad(keyGroup, tier, motion, 1, 100, 1, 100, 0, false);
    }

    private static final class TestingBackend implements ManagedBackend {
        private final long id;
        private final PlacementMode mode;
        private final List<KeyGroupLoad> groups;

        final List<GroupMove> requested = new ArrayList<>();
        int stops;
        int releases;

        TestingBackend(long id, PlacementMode mode, List<KeyGroupLoad> groups) {
            this.id = id;
            this.mode = mode;
            this.groups = groups;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public PlacementMode mode() {
            return mode;
        }

        @Override
        public BackendLoad load() {
            return new BackendLoad(id, "op-" + id, new SlotBudget("slot", SlotBudget.NONE), groups);
        }

        @Override
        public BackendStatus status() {
            return new BackendStatus(
                    id,
                    "job",
                    "vertex",
                    "task",
                    0,
                    0,
                    "op-" + id,
                    mode,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    null,
                    null,
                    0);
        }

        @Override
        public void decideMoves(Collection<GroupMove> moves, double paceFactor, String reason) {
            throw new AssertionError("Nobody decides here.");
        }

        @Override
        public void requestMoves(Collection<GroupMove> moves, double share, String reason) {
            requested.addAll(moves);
        }

        @Override
        public void stopMoves() {
            stops++;
        }

        @Override
        public void release() {
            releases++;
        }

        @Override
        public void setPace(double factor) {
            throw new AssertionError("Nobody decides here.");
        }
    }
}
