package io.sluice.state.adaptive.pressure;

import io.sluice.state.adaptive.placement.HeapReading;
import org.junit.jupiter.api.Test;

import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;

/** With the collector of the JVM that runs the tests. */
class HeapPressureMonitorTest {

    @Test
    void fullCollectionIsRead() {
        try (HeapPressureMonitor monitor = new HeapPressureMonitor()) {
            byte[] held = new byte[16 << 20];
            HeapReading before = monitor.read(System.nanoTime());

            System.gc();

            HeapReading reading = Readings.await(monitor, one -> Readings.isLiveNewer(one, before));
            assertThat(reading.maxBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
            assertThat(reading.liveBytes()).isBetween((long) held.length, reading.maxBytes());
            assertThat(reading.usedAfterCollectionBytes()).isGreaterThan(held.length);
            assertThat(reading.collections()).isPositive();
            assertThat(reading.collectionTimeShare()).isBetween(0.0, 1.0);
            assertThat(reading.liveAtNanos() - System.nanoTime()).isNegative();
        }
    }

    @Test
    void closedMonitorKeepsItsReading() {
        HeapPressureMonitor closed = new HeapPressureMonitor();
        closed.close();
        closed.close();
        try (HeapPressureMonitor open = new HeapPressureMonitor()) {
            Predicate<HeapReading> collected = HeapReading::hasLive;

            System.gc();

            Readings.await(open, collected);
            assertThat(closed.read(System.nanoTime()).collections()).isZero();
        }
    }
}
