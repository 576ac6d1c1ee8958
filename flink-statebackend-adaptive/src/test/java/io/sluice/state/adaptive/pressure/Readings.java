package io.sluice.state.adaptive.pressure;

import io.sluice.state.adaptive.placement.HeapReading;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for a monitor, which the JVM notifies some time after a collection. */
final class Readings {

    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Readings() {}

    static HeapReading await(HeapPressureMonitor monitor, Predicate<HeapReading> condition) {
        long startNanos = System.nanoTime();
        while (true) {
            long nowNanos = System.nanoTime();
            HeapReading reading = monitor.read(nowNanos);
            if (condition.test(reading)) {
                return reading;
            }
            if (nowNanos - startNanos > DEADLINE_NANOS) {
                throw new AssertionError("Still not as expected after 10 s: " + reading);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static boolean isLiveNewer(HeapReading reading, HeapReading before) {
        return reading.hasLive()
                && (!before.hasLive() || reading.liveAtNanos() - before.liveAtNanos() > 0);
    }
}
