package io.sluice.runtime.backpressure.track;

import org.apache.flink.runtime.metrics.TimerGauge;

import org.jspecify.annotations.Nullable;

import java.util.function.LongSupplier;

/**
 * Adds up how long a task is in a state, such as held back, to the nanosecond.
 *
 * <p><b>Threads.</b> Told by the task's thread under the lock of Flink's timer, which guards all
 * fields here; {@link #read} takes it for an instant. Nothing here allocates or takes another lock.
 */
final class StateTimer implements TimerGauge.StartStopListener {

    private final TimerGauge gauge;
    private final LongSupplier nanoClock;

    private boolean running;
    private long startedNanos;
    private long totalNanos;
    private long lastEndNanos;
    private @Nullable Thread thread;

    private boolean ranWhenRead;
    private long readNanos;
    private boolean startedSinceRead;
    private long firstStartNanos;

    /**
     * What a timer says at an instant.
     *
     * @param totalNanos in the state, since the beginning
     * @param held whether it was in the state at any time since the reading before
     * @param firstNanos when it first was, since the reading before
     * @param lastNanos when it last was
     * @param thread that last entered the state
     */
    record Reading(
            long totalNanos,
            boolean held,
            long firstNanos,
            long lastNanos,
            @Nullable Thread thread) {}

    private StateTimer(TimerGauge gauge, LongSupplier nanoClock) {
        this.gauge = gauge;
        this.nanoClock = nanoClock;
    }

    /** Listens to one of Flink's timers from now on. */
    static StateTimer on(TimerGauge gauge, LongSupplier nanoClock) {
        StateTimer timer = new StateTimer(gauge, nanoClock);
        gauge.registerListener(timer);
        return timer;
    }

    void stop() {
        gauge.unregisterListener(this);
    }

    /** Listens again after a {@link #stop}. */
    void resume() {
        synchronized (gauge) {
            Thread task = thread;
            gauge.registerListener(this);
            thread = task;
        }
    }

    @Override
    public void markStart() {
        long now = nanoClock.getAsLong();
        running = true;
        startedNanos = now;
        if (!startedSinceRead) {
            startedSinceRead = true;
            firstStartNanos = now;
        }
        thread = Thread.currentThread();
    }

    @Override
    public void markEnd() {
        if (running) {
            long now = nanoClock.getAsLong();
            running = false;
            totalNanos += now - startedNanos;
            lastEndNanos = now;
        }
    }

    /** Returns what it says now. */
    Reading read() {
        synchronized (gauge) {
            long now = nanoClock.getAsLong();
            Reading reading =
                    new Reading(
                            totalNanos + (running ? now - startedNanos : 0),
                            ranWhenRead || startedSinceRead,
                            ranWhenRead ? readNanos : firstStartNanos,
                            running ? now : lastEndNanos,
                            thread);
            ranWhenRead = running;
            readNanos = now;
            startedSinceRead = false;
            return reading;
        }
    }
}
