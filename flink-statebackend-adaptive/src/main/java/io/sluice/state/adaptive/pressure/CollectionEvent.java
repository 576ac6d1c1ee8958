package io.sluice.state.adaptive.pressure;

import java.util.List;

/**
 * One notification of a collector.
 *
 * @param collector name of its bean
 * @param action what it calls what it did
 * @param cause why it did it
 * @param startNanos when it began, on the clock of {@link System#nanoTime()}
 * @param durationNanos how long it took, in steps of a millisecond
 * @param pools the use of the heap pools only
 */
record CollectionEvent(
        String collector,
        String action,
        String cause,
        long startNanos,
        long durationNanos,
        List<PoolUse> pools) {

    /** The use of a memory pool before and after a collection. */
    record PoolUse(String pool, long beforeBytes, long afterBytes) {

        boolean isOld() {
            return CollectionEvent.isOld(pool);
        }
    }

    /** Returns whether this is the name of a pool for objects that have lived for a while. */
    static boolean isOld(String pool) {
        return pool.contains("Old Gen") || pool.contains("Tenured");
    }

    CollectionEvent {
        pools = List.copyOf(pools);
        if (durationNanos < 0) {
            throw new IllegalArgumentException(
                    "durationNanos=%d: must not be negative".formatted(durationNanos));
        }
    }

    /** Returns whether this is a pause of a concurrent collector, which says nothing about use. */
    boolean isPauseOnly() {
        return collector.endsWith(" Pauses") || collector.equals("G1 Concurrent GC");
    }

    /** Returns whether this ran, mostly, beside the application. */
    boolean isConcurrentCycle() {
        return collector.endsWith(" Cycles");
    }

    /** Returns whether the application could not go on, or could not allocate, meanwhile. */
    boolean heldUpTheApplication() {
        return !isConcurrentCycle() || cause.equals("Allocation Stall");
    }

    /**
     * Returns whether this gave up before it changed anything, as young collections of Serial do
     * when the old generation has no room for survivors: a full collection follows at once.
     */
    boolean changedNothing() {
        return !isConcurrentCycle()
                && !action.equals("end of major GC")
                && pools.stream().allMatch(pool -> pool.beforeBytes() == pool.afterBytes());
    }

    /**
     * Returns whether this collected the old generation.
     *
     * @param clearlyLessBytes by how much its use must fall if the name does not tell
     */
    boolean collectedOld(long clearlyLessBytes) {
        if (isConcurrentCycle()) {
            return !collector.contains("Minor");
        }
        return action.equals("end of major GC")
                || pools.stream()
                        .anyMatch(
                                pool ->
                                        pool.isOld()
                                                && pool.beforeBytes() - pool.afterBytes()
                                                        > clearlyLessBytes);
    }

    long usedAfterBytes() {
        return pools.stream().mapToLong(PoolUse::afterBytes).sum();
    }
}
