package io.sluice.benchmarks.backpressure;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Numbers in a file that the job and the harness map: telling one costs a job one store, and asking
 * for it costs the job nothing.
 *
 * <p>Each counter is written by one thread and read by any.
 */
final class SharedCounters {

    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** So that no two counters share a line of the processor's cache, or two that it loads. */
    private static final int STRIDE = 128;

    private final ByteBuffer counters;

    private SharedCounters(ByteBuffer counters) {
        this.counters = counters;
    }

    /** Maps {@code file}, which is made, with zeros, by the first to come. */
    static SharedCounters in(Path file, int counters) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            return new SharedCounters(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) counters * STRIDE));
        }
    }

    void set(int counter, long value) {
        LONG.setRelease(counters, counter * STRIDE, value);
    }

    long get(int counter) {
        return (long) LONG.getAcquire(counters, counter * STRIDE);
    }

    long total() {
        long total = 0;
        for (int counter = 0; counter < counters.capacity() / STRIDE; counter++) {
            total += get(counter);
        }
        return total;
    }
}
