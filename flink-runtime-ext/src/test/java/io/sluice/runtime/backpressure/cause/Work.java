package io.sluice.runtime.backpressure.cause;

import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.co.RichCoFlatMapFunction;
import org.apache.flink.util.Collector;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes its time for each record, and sends some for each two that it got, from whichever input.
 */
final class Work
        extends RichCoFlatMapFunction<
                Tuple2<Long, byte[]>, Tuple2<Long, byte[]>, Tuple2<Long, byte[]>>
        implements FlatMapFunction<Tuple2<Long, byte[]>, Tuple2<Long, byte[]>> {

    private static final long serialVersionUID = 1;

    /** What is done with a record. */
    interface Cost extends Serializable {

        void pay();

        /** Called by the task, before the first record. */
        default void open() throws IOException {}

        default void close() throws IOException {}
    }

    private final Cost cost;
    private final int sentForTwo;
    private int due;

    Work(Cost cost, int sentForTwo) {
        this.cost = cost;
        this.sentForTwo = sentForTwo;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        cost.open();
    }

    @Override
    public void close() throws IOException {
        cost.close();
    }

    @Override
    public void flatMap(Tuple2<Long, byte[]> record, Collector<Tuple2<Long, byte[]>> out) {
        cost.pay();
        for (due += sentForTwo; due >= 2; due -= 2) {
            out.collect(record);
        }
    }

    @Override
    public void flatMap1(Tuple2<Long, byte[]> record, Collector<Tuple2<Long, byte[]>> out) {
        flatMap(record, out);
    }

    @Override
    public void flatMap2(Tuple2<Long, byte[]> record, Collector<Tuple2<Long, byte[]>> out) {
        flatMap(record, out);
    }

    static Cost none() {
        return () -> {};
    }

    /** The thread does not run meanwhile. */
    static Cost park(long nanos) {
        return () -> {
            long end = System.nanoTime() + nanos;
            for (long left = nanos; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        };
    }

    /** The thread runs meanwhile. */
    static Cost spin(long nanos) {
        return () -> {
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        };
    }

    static Cost ask(int port) {
        return new Ask(port);
    }

    static Cost allocate() {
        return new Allocate();
    }

    /** Asks a server of this machine, and waits for its answer. */
    private static final class Ask implements Cost {

        private static final long serialVersionUID = 1;

        private final int port;
        private transient @Nullable Socket socket;

        Ask(int port) {
            this.port = port;
        }

        @Override
        public void open() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
        }

        @Override
        public void pay() {
            Socket connected = socket;
            if (connected == null) {
                throw new IllegalStateException("not opened");
            }
            try {
                connected.getOutputStream().write(1);
                if (connected.getInputStream().read() < 0) {
                    throw new IOException("the server has gone");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
            }
        }
    }

    /** Keeps half of the heap in small objects, and replaces some of them for each record. */
    private static final class Allocate implements Cost {

        private static final long serialVersionUID = 1;

        private static final int OBJECT_BYTES = 64;
        private static final int REPLACED = 20_000;

        private transient byte @Nullable [][] kept;
        private transient @Nullable SplittableRandom random;

        @Override
        public void open() {
            long objects = Runtime.getRuntime().maxMemory() / 2 / (OBJECT_BYTES + 24);
            kept = new byte[(int) Math.min(objects, 20_000_000)][];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = new byte[OBJECT_BYTES];
            }
            random = new SplittableRandom(1);
        }

        @Override
        public void pay() {
            byte[][] objects = kept;
            SplittableRandom which = random;
            if (objects == null || which == null) {
                throw new IllegalStateException("not opened");
            }
            for (int i = 0; i < REPLACED; i++) {
                objects[which.nextInt(objects.length)] = new byte[OBJECT_BYTES];
            }
        }

        @Override
        public void close() {
            kept = null;
        }
    }
}
