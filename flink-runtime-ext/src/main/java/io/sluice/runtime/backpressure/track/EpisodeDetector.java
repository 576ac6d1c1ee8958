package io.sluice.runtime.backpressure.track;

import io.sluice.runtime.backpressure.load.Episode;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Finds episodes of backpressure in samples of a task's timers. Not thread-safe. */
final class EpisodeDetector {

    /*
     * An episode begins when the samples of the last `enterAfter` were held back for `enterShare` of
     * that time. It started with the first of the samples that lead up to it, without a gap, each
     * held back for `leaveShare`; and it ends when no sample was for `leaveAfter`, at the last
     * instant of the last one that was.
     *
     * So an end is known only `leaveAfter` later. Until then the episode goes on, but its duration
     * does not grow: what was told of it never has to be taken back.
     */

    private final double enterShare;
    private final long enterAfterNanos;
    private final double leaveShare;
    private final long leaveAfterNanos;

    /** The last {@link #enterAfterNanos}, while there is no episode. */
    private final Deque<Sample> recent = new ArrayDeque<>();

    private @Nullable Open open;

    /**
     * What a task did between two looks at its timers.
     *
     * @param heldNanos how long it was held back
     * @param hardNanos how much of that within a record
     * @param firstNanos when it first was; without meaning if it never was
     * @param lastNanos when it last was
     */
    record Sample(
            long beginNanos,
            long endNanos,
            long heldNanos,
            long hardNanos,
            long firstNanos,
            long lastNanos) {

        double share() {
            return endNanos == beginNanos ? 0 : (double) heldNanos / (endNanos - beginNanos);
        }
    }

    /**
     * An episode, whether it goes on or has ended.
     *
     * @param heldNanos how long the task was held back in it
     */
    record Span(long startNanos, long endNanos, long heldNanos, long hardNanos) {

        long durationNanos() {
            return endNanos - startNanos;
        }

        boolean isHard() {
            return heldNanos > 0 && (double) hardNanos / heldNanos > Episode.HARD_SHARE;
        }

        double share() {
            return durationNanos() == 0 ? 0 : Math.min(1, (double) heldNanos / durationNanos());
        }
    }

    private static final class Open {
        final long startNanos;
        long endNanos;
        long heldNanos;
        long hardNanos;

        /** Held back since {@link #endNanos}, for too small a share to count yet. */
        long pendingHeldNanos;

        long pendingHardNanos;

        Open(long startNanos) {
            this.startNanos = startNanos;
        }

        void extend(Sample sample) {
            endNanos = sample.lastNanos();
            heldNanos += pendingHeldNanos + sample.heldNanos();
            hardNanos += pendingHardNanos + sample.hardNanos();
            pendingHeldNanos = 0;
            pendingHardNanos = 0;
        }

        Span span() {
            return new Span(startNanos, endNanos, heldNanos, hardNanos);
        }
    }

    EpisodeDetector(TrackingSettings settings) {
        this.enterShare = settings.enterShare();
        this.enterAfterNanos = settings.enterAfter().toNanos();
        this.leaveShare = settings.leaveShare();
        this.leaveAfterNanos = settings.leaveAfter().toNanos();
    }

    /**
     * Takes the next sample, which begins where the one before ended.
     *
     * @return the episode that has ended, if one has
     */
    @Nullable Span add(Sample sample) {
        Open current = open;
        if (current == null) {
            remember(sample);
            open = begun();
            return null;
        }
        if (sample.share() >= leaveShare) {
            current.extend(sample);
            return null;
        }
        current.pendingHeldNanos += sample.heldNanos();
        current.pendingHardNanos += sample.hardNanos();
        return sample.endNanos() - current.endNanos >= leaveAfterNanos ? end() : null;
    }

    /** Ends the episode that goes on, as its task has ended; returns it if there is one. */
    @Nullable Span end() {
        Open ended = open;
        open = null;
        recent.clear();
        return ended == null ? null : ended.span();
    }

    /** Returns the episode that goes on, as far as it is known. */
    @Nullable Span ongoing() {
        return open == null ? null : open.span();
    }

    private void remember(Sample sample) {
        recent.addLast(sample);
        while (sample.endNanos() - recent.getFirst().endNanos() >= enterAfterNanos) {
            recent.removeFirst();
        }
    }

    private @Nullable Open begun() {
        long held = recent.stream().mapToLong(Sample::heldNanos).sum();
        // Longer than that where the JVM stood still for a while.
        long nanos =
                Math.max(
                        enterAfterNanos,
                        recent.getLast().endNanos() - recent.getFirst().beginNanos());
        if (held < enterShare * nanos) {
            return null;
        }
        Deque<Sample> leadingUp = new ArrayDeque<>();
        for (var samples = recent.descendingIterator(); samples.hasNext(); ) {
            Sample sample = samples.next();
            if (sample.share() < leaveShare) {
                break;
            }
            leadingUp.addFirst(sample);
        }
        if (leadingUp.isEmpty()) {
            return null;
        }
        Open begun = new Open(leadingUp.getFirst().firstNanos());
        leadingUp.forEach(begun::extend);
        recent.clear();
        return begun;
    }

    /** Returns {@code time} in whole milliseconds. */
    static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }
}
