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
     * Asks for key groups to be moved. A move under way in the other direction turns round.
     *
     * @param share how much of its time the task gives to moves, in (0, 1]
     * @param reason for people
     * @param byRequest whether somebody asked for just these: then decisions leave them alone
     */
    void requestMoves(Collection<GroupMove> moves, double share, String reason, boolean byRequest);

    /** Stops the moves of these key groups where they are; their entries stay in both tiers. */
    void stopMoves(Collection<Integer> keyGroups);

    /** Lets decisions move all key groups again, whoever placed them. */
    void release();

    /** Sets how much of its time the task gives to moves under way, in (0, 1]. */
    void setShare(double share);
}
