package io.sluice.state.adaptive.pressure;

import io.sluice.state.adaptive.placement.HeapReading;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Holds 60 % of the heap, then lets go of most of it. Prints {@code phase max used live collections
 * share}, sizes in KiB, after each phase: first as the collector comes to it under allocation, then
 * after a full collection.
 */
final class HeldHeap {

    private static final int CHUNK_BYTES = 32 << 10;

    private static volatile byte[] garbage = new byte[0];

    private HeldHeap() {}

    public static void main(String[] arguments) {
        try (HeapPressureMonitor monitor = new HeapPressureMonitor()) {
            List<byte[]> held = new ArrayList<>();
            long heldBytes = Runtime.getRuntime().maxMemory() * 6 / 10;
            for (long bytes = 0; bytes < heldBytes; bytes += CHUNK_BYTES) {
                held.add(new byte[CHUNK_BYTES]);
            }
            print("churn-held", allocate(monitor));
            print("held", collect(monitor));
            held.subList(held.size() / 6, held.size()).clear();
            print("churn-released", allocate(monitor));
            print("released", collect(monitor));
            print("elements " + held.size(), monitor.read(System.nanoTime()));
        }
    }

    /** Allocates for a while, at about 200 MiB/s. */
    private static HeapReading allocate(HeapPressureMonitor monitor) {
        long startNanos = System.nanoTime();
        long allocated = 0;
        long nanos;
        while ((nanos = System.nanoTime() - startNanos) < TimeUnit.MILLISECONDS.toNanos(700)) {
            if (allocated * 5 <= nanos) {
                garbage = new byte[CHUNK_BYTES];
                allocated += garbage.length;
            } else {
                Thread.onSpinWait();
            }
        }
        return monitor.read(System.nanoTime());
    }

    private static HeapReading collect(HeapPressureMonitor monitor) {
        HeapReading before = monitor.read(System.nanoTime());
        System.gc();
        return Readings.await(monitor, reading -> Readings.isLiveNewer(reading, before));
    }

    private static void print(String phase, HeapReading reading) {
        System.out.printf(
                "%s %d %d %d %d %.3f%n",
                phase,
                reading.maxBytes() >> 10,
                reading.usedAfterCollectionBytes() >> 10,
                reading.liveBytes() >> 10,
                reading.collections(),
                reading.collectionTimeShare());
    }
}
