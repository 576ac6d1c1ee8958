package io.sluice.state.adaptive.placement;

import java.util.List;

/**
 * The key groups of one state backend.
 *
 * @param backendId unique in the process, never used again
 * @param name the operator and subtask, for people
 * @param budget of the slot, which all backends in it share
 */
public record BackendLoad(
        long backendId, String name, SlotBudget budget, List<KeyGroupLoad> groups) {

    public BackendLoad {
        groups = List.copyOf(groups);
    }
}
