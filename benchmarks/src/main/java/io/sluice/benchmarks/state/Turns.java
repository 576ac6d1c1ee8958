package io.sluice.benchmarks.state;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets two JVMs measure by turns, so that both see the machine in the same state: a file that both
 * map holds the number of turns taken, and those of one JVM are the even ones.
 *
 * <p>Each of the two must take the same number of turns. Used by one thread.
 */
final class Turns {

    private static final VarHandle TAKEN =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final long POLL_NANOS = 100_000;

    private final ByteBuffer taken;
    private final int first;
    private final Duration longestWait;

    /**
     * Joins the other JVM.
     *
     * @param file the same for both; made by the first to come
     * @param isFirst for one of the two
     * @param longestWait for a turn
     */
    Turns(Path file, boolean isFirst, Duration longestWait) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            taken = channel.map(FileChannel.MapMode.READ_WRITE, 0, Integer.BYTES);
        }
        first = isFirst ? 0 : 1;
        this.longestWait = longestWait;
    }

    /**
     * Waits for the own turn.
     *
     * @throws IllegalStateException if the other JVM keeps its turn for longer than that
     */
    void await() {
        long deadline = System.nanoTime() + longestWait.toNanos();
        while (taken() % 2 != first) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "The other side of the comparison kept its turn for %d ms: it has failed, or hangs."
                                .formatted(longestWait.toMillis()));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Ends the own turn. */
    void pass() {
        TAKEN.setVolatile(taken, 0, taken() + 1);
    }

    private int taken() {
        return (int) TAKEN.getVolatile(taken, 0);
    }
}
