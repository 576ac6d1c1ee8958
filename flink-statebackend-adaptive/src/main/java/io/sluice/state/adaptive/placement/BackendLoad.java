package io.sluice.state.adaptive.placement;

import java.util.List;

/**
 * The key groups of one state backend.
 *
 * @param backendId unique in the process, never used again
 * @param name the operator and subtask, for people
 * @param slot the slot whose budget the backend shares
 */
public record BackendLoad(long backendId, String name, String slot, List<KeyGroupLoad> groups) {

    public BackendLoad {
        groups = List.copyOf(groups);
    }
}
