package io.sluice.benchmarks.backpressure;

import io.sluice.testkit.cluster.Await.Sleeper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Switches tracking on and off by turns, so that both see the job and the machine in the same
 * state: on off off on, and so on, so that neither is the later one on average.
 *
 * <p>A turn is made of slices, which are as short as the job's reaction allows: the speed of a
 * machine that others use, too, changes within a second.
 */
final class Turns {

    private final Duration slice;
    private final int slices;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;

    /** A job that goes on all the time. */
    interface Player {

        /** Switches tracking on or off, and returns once it is. */
        void track(boolean on) throws InterruptedException;

        /** Returns how many records it has taken so far. */
        long records();

        /** Returns how often its task threads have waited so far. */
        long waits() throws IOException;

        /** Returns the CPU time that all its processes have used so far. */
        long cpuNanos();
    }

    /** Two turns, whose slices alternate. */
    record TurnPair(Turn on, Turn off) {}

    /**
     * Sets the clock.
     *
     * @param slice how long one is
     * @param slices of a turn, an even number
     * @param nanoTime a clock that never goes back, in nanoseconds from any origin
     */
    Turns(Duration slice, int slices, LongSupplier nanoTime, Sleeper sleeper) {
        this.slice = slice;
        this.slices = slices;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
    }

    /**
     * Measures pair after pair.
     *
     * @param onFirst whether tracking is on in the first slice
     */
    List<TurnPair> take(Player job, boolean onFirst, int pairs)
            throws InterruptedException, IOException {
        List<TurnPair> taken = new ArrayList<>(pairs);
        for (int pair = 0; pair < pairs; pair++) {
            taken.add(takePair(job, onFirst));
        }
        return taken;
    }

    private TurnPair takePair(Player job, boolean onFirst)
            throws InterruptedException, IOException {
        Turn on = Turn.NOTHING;
        Turn off = Turn.NOTHING;
        for (int i = 0; i < slices; i++) {
            if (onFirst == (i % 2 == 0)) {
                on = on.plus(take(job, true));
                off = off.plus(take(job, false));
            } else {
                off = off.plus(take(job, false));
                on = on.plus(take(job, true));
            }
        }
        on.requireWork();
        off.requireWork();
        return new TurnPair(on, off);
    }

    private Turn take(Player job, boolean on) throws InterruptedException, IOException {
        job.track(on);
        long waits = job.waits();
        long cpuNanos = job.cpuNanos();
        long records = job.records();
        long startNanos = nanoTime.getAsLong();
        sleeper.sleep(slice);
        long endRecords = job.records();
        long endNanos = nanoTime.getAsLong();
        return new Turn(
                endNanos - startNanos,
                endRecords - records,
                job.waits() - waits,
                job.cpuNanos() - cpuNanos);
    }
}
