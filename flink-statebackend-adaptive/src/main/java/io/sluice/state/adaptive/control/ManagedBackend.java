package io.sluice.state.adaptive.control;

import io.sluice.state.adaptive.placement.BackendLoad;
import io.sluice.state.adaptive.placement.GroupMove;
import io.sluice.state.adaptive.placement.PlacementMode;

import java.util.Collection;

/**
 * A state backend as the coordinator sees it. All methods may be called from any thread and return
 * at once: what they ask for happens later, on the task thread.
 */
public interface ManagedBackend {

    /** Unique in the process, never used again. */
    long id();

    PlacementMode mode();

    /** What the backend held when it last looked, at most a few seconds ago. */
    BackendLoad load();

    BackendStatus status();

    /**
     * Asks for key groups to be moved because it was decided. A move under way in the other
     * direction turns round.
     *
     * @param paceFactor times the share of its time that the task normally gives to moves
     * @param reason for people
     */
    void decideMoves(Collection<GroupMove> moves, double paceFactor, String reason);

    /**
     * Asks for key groups to be moved because somebody wants just that: decisions leave them alone
     * from then on. A move under way in the other direction turns round.
     *
     * @param share how much of its time the task gives to moves, in (0, 1]
     * @param reason for people
     */
    void requestMoves(Collection<GroupMove> moves, double share, String reason);

    /**
     * Stops all moves where they are: the key groups stay in both tiers, and decisions leave them
     * alone, until they are requested again or released.
     */
    void stopMoves();

    /** Lets decisions move all key groups again, whoever placed them. */
    void release();

    /**
     * Sets the pace of moves under way that were decided.
     *
     * @param factor times the share of its time that the task normally gives to moves
     */
    void setPace(double factor);
}
