package io.sluice.state.adaptive.placement;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How much state, by estimate, the backends of a slot may hold on heap together, as their job says.
 *
 * @param slot unique in the process
 * @param bytes a hard limit, which holds without any pressure too; {@link #NONE} is none
 */
public record SlotBudget(String slot, long bytes) {

    /** The {@code bytes} of a slot that may hold any amount of state on heap. */
    public static final long NONE = -1;

    public SlotBudget {
        if (bytes < NONE) {
            throw new IllegalArgumentException(
                    "bytes=%d: must be -1 (none) or not negative".formatted(bytes));
        }
    }

    /** Returns the budgets of the slots that have one; of several, the smallest. */
    public static Map<String, SlotBudget> bySlot(List<BackendLoad> backends) {
        return backends.stream()
                .map(BackendLoad::budget)
                .filter(budget -> budget.bytes != NONE)
                .collect(
                        Collectors.toMap(
                                SlotBudget::slot,
                                budget -> budget,
                                (one, other) -> one.bytes <= other.bytes ? one : other));
    }

    long share(double share) {
        return (long) (bytes * share);
    }
}
