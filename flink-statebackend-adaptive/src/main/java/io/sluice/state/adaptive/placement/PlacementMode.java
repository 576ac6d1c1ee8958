package io.sluice.state.adaptive.placement;

import java.util.Locale;

/** Who decides which tier a key group lives in. */
public enum PlacementMode {
    /** The coordinator of the TaskManager, by memory pressure and budget. */
    AUTO,
    /** Whoever calls the control interface; nothing moves by itself. */
    MANUAL,
    /** Nobody: all state is on heap. */
    PIN_HEAP,
    /** Nobody: all state is on disk. */
    PIN_DISK;

    /** As in the configuration: {@code auto}, {@code pin-heap}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether key groups may move at all, once they are where the mode wants them. */
    public boolean allowsMoves() {
        return this == AUTO || this == MANUAL;
    }
}
