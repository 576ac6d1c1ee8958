package io.sluice.benchmarks.backpressure;

import io.sluice.testkit.cluster.Await.Sleeper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Lets two sides take turns, so that both see the machine in the same state: on off off on, and so
 * on, so that neither is the later one on average. Both stand still before and after.
 */
final class Turns {

    private final Duration length;
    private final Duration beginning;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;

    /** One of the two. */
    interface Player {

        /** Lets it go on. */
        void resume();

        /** Lets it stand still. */
        void suspend();

        /** Returns how many records it has taken so far. */
        long records();

        /** Returns how often its task threads have waited so far. */
        long waits() throws IOException;
    }

    /** Two turns, one behind the other. */
    record TurnPair(Turn on, Turn off) {}

    /**
     * Sets the clock.
     *
     * @param length of a turn
     * @param beginning of a turn, which is not in its settled part
     * @param nanoTime a clock that never goes back, in nanoseconds from any origin
     */
    Turns(Duration length, Duration beginning, LongSupplier nanoTime, Sleeper sleeper) {
        this.length = length;
        this.beginning = beginning;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
    }

    /**
     * Measures pair after pair.
     *
     * @param onFirst which side has the first turn
     */
    List<TurnPair> take(Player on, Player off, boolean onFirst, int pairs)
            throws InterruptedException, IOException {
        List<TurnPair> taken = new ArrayList<>(pairs);
        for (int pair = 0; pair < pairs; pair++) {
            if (onFirst == (pair % 2 == 0)) {
                Turn turnOn = take(on);
                taken.add(new TurnPair(turnOn, take(off)));
            } else {
                Turn turnOff = take(off);
                taken.add(new TurnPair(take(on), turnOff));
            }
        }
        return taken;
    }

    /** An interrupt leaves it going on. */
    private Turn take(Player player) throws InterruptedException, IOException {
        long waits = player.waits();
        long records = player.records();
        long startNanos = nanoTime.getAsLong();
        player.resume();
        sleeper.sleep(beginning);
        long settledRecords = player.records();
        long settledNanos = nanoTime.getAsLong();
        sleeper.sleep(length.minus(beginning));
        long endRecords = player.records();
        long endNanos = nanoTime.getAsLong();
        player.suspend();
        return new Turn(
                endNanos - startNanos,
                endRecords - records,
                endNanos - settledNanos,
                endRecords - settledRecords,
                player.waits() - waits);
    }
}
