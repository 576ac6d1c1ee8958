package io.sluice.state.adaptive.placement;

/** Where a key group lives. The order is part of the format of checkpoints. */
public enum Tier {
    /** Java objects on the heap of the TaskManager. */
    HEAP,
    /** Rows in RocksDB, on the TaskManager's local disk. */
    DISK
}
