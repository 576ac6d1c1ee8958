package io.sluice.benchmarks.fs;

import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Two sides do the same by turns, so that both see the machine in the same state.
 *
 * @param nanoTime a clock that never goes back, in nanoseconds from any origin
 */
record TurnTaking(LongSupplier nanoTime) {

    /*
     * A pair is ours, theirs, theirs, ours, and the next one theirs first: what grows with time
     * weighs on both alike. No turn is long: between two of one side is never more than two of the
     * other.
     */

    /** Does something once. */
    @FunctionalInterface
    interface Turn {
        void take() throws IOException;
    }

    /** Returns how often a second each side does it, in each pair. */
    Pairs measure(Turn ours, Turn theirs, int pairs) throws IOException {
        List<Pair> measured = new ArrayList<>(pairs);
        for (int i = 0; i < pairs; i++) {
            boolean oursFirst = i % 2 == 0;
            Turn outer = oursFirst ? ours : theirs;
            Turn inner = oursFirst ? theirs : ours;
            long outerNanos = nanosOf(outer);
            long innerNanos = nanosOf(inner) + nanosOf(inner);
            outerNanos += nanosOf(outer);
            measured.add(
                    oursFirst
                            ? new Pair(perSecond(outerNanos), perSecond(innerNanos))
                            : new Pair(perSecond(innerNanos), perSecond(outerNanos)));
        }
        return new Pairs(measured);
    }

    private long nanosOf(Turn turn) throws IOException {
        long start = nanoTime.getAsLong();
        turn.take();
        return nanoTime.getAsLong() - start;
    }

    private static double perSecond(long nanosOfTwo) {
        return 2e9 / nanosOfTwo;
    }
}
