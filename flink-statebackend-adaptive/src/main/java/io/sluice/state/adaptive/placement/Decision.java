package io.sluice.state.adaptive.placement;

import java.util.List;

/**
 * Which key groups to move now, and what to remember for the next decision.
 *
 * @param moves in the order in which they should run; empty if and only if the reason is NONE
 * @param paceFactor 1 normally; how many times as much of its time a task should give to moves,
 *     those under way included, so it may exceed 1 without new moves
 * @param explanation one line for the operator; may be empty if nothing moves
 * @param memory to be put into the next {@link PlacementSnapshot}, also if nothing moves
 */
public record Decision(
        List<GroupMove> moves,
        Reason reason,
        double paceFactor,
        String explanation,
        DecisionMemory memory) {

    public Decision {
        moves = List.copyOf(moves);
        if (moves.isEmpty() != (reason == Reason.NONE)) {
            throw new IllegalArgumentException(
                    "reason=%s with %d moves: only NONE comes without moves"
                            .formatted(reason, moves.size()));
        }
        if (!(paceFactor >= 1)) {
            throw new IllegalArgumentException(
                    "paceFactor=%s: must be 1 or more".formatted(paceFactor));
        }
    }
}
