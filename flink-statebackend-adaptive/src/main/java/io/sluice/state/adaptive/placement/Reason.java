package io.sluice.state.adaptive.placement;

/** Why a {@link Decision} moves key groups. */
public enum Reason {
    /** Nothing moves. */
    NONE,
    /** A slot holds more state on heap than its budget. */
    BUDGET,
    /** The heap is above the high mark. */
    PRESSURE,
    /** The heap is above the panic mark. */
    PANIC,
    /** Collections take too much time. */
    COLLECTION_TIME,
    /** The heap has had room for a while: key groups come back. */
    ROOM
}
