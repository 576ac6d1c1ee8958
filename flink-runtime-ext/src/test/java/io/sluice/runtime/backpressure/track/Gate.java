package io.sluice.runtime.backpressure.track;

import org.apache.flink.api.common.functions.MapFunction;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets records through, or none while it is closed: by static fields, as Flink copies functions.
 * Knows for how long it really held a record.
 */
final class Gate implements MapFunction<byte[], byte[]> {

    private static final long serialVersionUID = 1L;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Condition OPENED = LOCK.newCondition();
    private static final List<Long> HELD_MILLIS = new ArrayList<>();
    private static boolean open = true;

    static void close() {
        LOCK.lock();
        try {
            open = false;
        } finally {
            LOCK.unlock();
        }
    }

    static void open() {
        LOCK.lock();
        try {
            open = true;
            OPENED.signalAll();
        } finally {
            LOCK.unlock();
        }
    }

    /** Opens it, and forgets. */
    static void reset() {
        open();
        LOCK.lock();
        try {
            HELD_MILLIS.clear();
        } finally {
            LOCK.unlock();
        }
    }

    /** Returns for how long it held a record, each time. */
    static List<Long> heldMillis() {
        LOCK.lock();
        try {
            return List.copyOf(HELD_MILLIS);
        } finally {
            LOCK.unlock();
        }
    }

    @Override
    public byte[] map(byte[] record) throws InterruptedException {
        LOCK.lock();
        try {
            if (!open) {
                long start = System.nanoTime();
                while (!open) {
                    OPENED.await();
                }
                HELD_MILLIS.add((System.nanoTime() - start) / 1_000_000);
            }
            return record;
        } finally {
            LOCK.unlock();
        }
    }
}
