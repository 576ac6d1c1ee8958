package io.sluice.state.adaptive.pressure;

import io.sluice.state.adaptive.placement.HeapReading;

/**
 * What all collections so far have told. Immutable; a collection gives the next state.
 *
 * @param maxBytes of the heap
 * @param usedAfterBytes after the last collection that gave a use
 * @param liveBytes after the last one that collected the old generation, -1 if there was none
 * @param liveAtNanos when that one started
 * @param collections that gave a use
 */
record PressureState(
        long maxBytes,
        long usedAfterBytes,
        long liveBytes,
        long liveAtNanos,
        long collections,
        PauseWindow pauses) {

    /** A fall of the old generation by more than this share of the heap is no noise. */
    private static final double CLEARLY_LESS = 0.01;

    static PressureState initial(long maxBytes) {
        return new PressureState(maxBytes, 0, -1, 0, 0, PauseWindow.EMPTY);
    }

    PressureState after(CollectionEvent event) {
        PauseWindow pausesNow =
                event.heldUpTheApplication()
                        ? pauses.with(event.startNanos(), event.durationNanos())
                        : pauses;
        if (event.isPauseOnly() || event.changedNothing()) {
            return new PressureState(
                    maxBytes, usedAfterBytes, liveBytes, liveAtNanos, collections, pausesNow);
        }
        boolean old = event.collectedOld((long) (maxBytes * CLEARLY_LESS));
        long usedBytes = event.usedAfterBytes();
        return new PressureState(
                maxBytes,
                usedBytes,
                old ? usedBytes : liveBytes,
                old ? event.startNanos() : liveAtNanos,
                collections + 1,
                pausesNow);
    }

    HeapReading readingAt(long nowNanos) {
        return new HeapReading(
                maxBytes,
                usedAfterBytes,
                liveBytes,
                liveAtNanos,
                collections,
                pauses.shareAt(nowNanos));
    }
}
