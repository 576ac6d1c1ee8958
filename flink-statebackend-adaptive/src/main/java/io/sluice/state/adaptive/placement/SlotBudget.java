package io.sluice.state.adaptive.placement;

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

    public boolean isSet() {
        return bytes != NONE;
    }

    long share(double share) {
        return (long) (bytes * share);
    }
}
