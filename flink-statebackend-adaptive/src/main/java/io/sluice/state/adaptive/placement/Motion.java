package io.sluice.state.adaptive.placement;

/** Whether the entries of a key group are on their way to its tier. */
public enum Motion {
    /** All entries are in its tier. */
    AT_REST,
    /** A move to its tier is queued or under way. */
    MOVING,
    /** A move to its tier was stopped: its entries are in both tiers. */
    STOPPED
}
