package io.sluice.state.adaptive.placement;

/** Where the entries of a key group live. */
public enum Tier {
    HEAP,
    DISK
}
