package io.sluice.benchmarks.migration;

import org.apache.flink.configuration.Configuration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.backend.Database;
import io.sluice.benchmarks.backend.OpenBackend;
import io.sluice.benchmarks.backend.RocksTuning;
import io.sluice.benchmarks.backend.Subject;
import io.sluice.state.adaptive.control.BackendStatus;
import io.sluice.state.adaptive.control.StateControl;
import io.sluice.state.adaptive.placement.Tier;
import io.sluice.testkit.cluster.Sandbox;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A JVM that moves state at full pace, without load, and by turns does the same with RocksDB alone.
 * Arguments: directory, kind of state, rows, rounds, file of results.
 *
 * <p>A round opens our backend and a stock RocksDB backend, with one configuration; fills ours on
 * heap; moves all out, and writes the same rows into the other; moves all in, and scans the other.
 * Ours comes first in every other round. Before each part, the heap is collected and RocksDB has
 * nothing to do.
 */
final class FullPace {

    private static final int WARM_UP_ROWS = 300_000;
    private static final int WARM_UP_ROUNDS = 2;

    private static final Took NOT_YET = new Took(Double.NaN, Double.NaN);

    private final Path directory;

    private FullPace(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) throws Exception {
        Rows rows = new Rows(Rows.Kind.valueOf(args[1]), Integer.parseInt(args[2]));
        int rounds = Integer.parseInt(args[3]);
        FullPace measured = new FullPace(Path.of(args[0]));
        Rows fewer = new Rows(rows.kind(), Math.min(WARM_UP_ROWS, rows.count()));
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            measured.round(fewer, round % 2 == 0, true);
        }
        Results results = new Results();
        ArrayNode out = results.root().putArray("out");
        ArrayNode in = results.root().putArray("in");
        for (int round = 0; round < rounds; round++) {
            Times times = measured.round(rows, round % 2 == 0, false);
            add(out, times.out, times.rawWrite);
            add(in, times.in, times.rawScan);
            System.out.printf(
                    "  round %d of %d: out %s, raw write %s; in %s, raw scan %s%n",
                    round + 1, rounds, times.out, times.rawWrite, times.in, times.rawScan);
        }
        results.write(Path.of(args[4]));
        // Flink leaves threads behind.
        System.exit(0);
    }

    private static void add(ArrayNode times, Took ours, Took raw) {
        ObjectNode pair = times.addObject();
        pair.put("ours", ours.seconds).put("raw", raw.seconds);
        pair.put("oursCollections", ours.collectionSeconds)
                .put("rawCollections", raw.collectionSeconds);
    }

    /** What a part took, and how much of that the collector stopped it for. */
    private record Took(double seconds, double collectionSeconds) {

        @Override
        public String toString() {
            return "%.2f s (%.2f s of it GC)".formatted(seconds, collectionSeconds);
        }
    }

    private static final class Times {
        Took out = NOT_YET;
        Took rawWrite = NOT_YET;
        Took in = NOT_YET;
        Took rawScan = NOT_YET;
    }

    @FunctionalInterface
    private interface Part {
        void run() throws Exception;
    }

    private Times round(Rows rows, boolean oursFirst, boolean check) throws Exception {
        Times times = new Times();
        try (Sandbox sandbox = Sandbox.create(Files.createDirectories(directory));
                OpenBackend ours = open(Subject.OURS_ON_HEAP, sandbox.directory("ours"));
                OpenBackend stock = open(Subject.STOCK_DISK, sandbox.directory("raw"))) {
            rows.putInto(ours);
            stock.state(rows.descriptor());
            Rows.Serialized serialized = rows.serialized();
            Database moved = Database.of(ours.backend(), Rows.STATE);
            Database raw = Database.of(stock.backend(), Rows.STATE);

            Part out = () -> times.out = took(() -> move(ours, Tier.DISK), moved, raw);
            Part write =
                    () -> times.rawWrite = took(() -> RawRocks.write(raw, serialized), moved, raw);
            inOrder(oursFirst, out, write);
            if (check) {
                RawRocks.requireSame(moved, raw);
            }
            Part in = () -> times.in = took(() -> move(ours, Tier.HEAP), moved, raw);
            Part scan =
                    () -> times.rawScan = took(() -> scanAll(raw, rows, serialized), moved, raw);
            inOrder(oursFirst, in, scan);
        }
        return times;
    }

    private static OpenBackend open(Subject subject, Path directory) throws Exception {
        Configuration config = RocksTuning.in(directory);
        return new OpenBackend(subject, config, directory);
    }

    private static void inOrder(boolean asGiven, Part one, Part other) throws Exception {
        (asGiven ? one : other).run();
        (asGiven ? other : one).run();
    }

    private static Took took(Part part, Database... databases) throws Exception {
        System.gc();
        for (Database database : databases) {
            database.awaitIdle();
        }
        double collections = collectionSeconds();
        long start = System.nanoTime();
        part.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Took(seconds, collectionSeconds() - collections);
    }

    private static double collectionSeconds() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum()
                / 1e3;
    }

    /** Asks for all key groups to be moved, and runs the mails until they are. */
    private static void move(OpenBackend ours, Tier target) throws Exception {
        StateControl.ofProcess().move(any -> true, target, 1.0, 1.0);
        while (!isAllIn(target)) {
            ours.runMail();
        }
    }

    private static boolean isAllIn(Tier target) {
        BackendStatus status = StateControl.ofProcess().list().get(0);
        if (status.movesFailed() > 0) {
            throw new IllegalStateException("A move failed: " + status.lastFailure());
        }
        return status.keyGroupsMoving() == 0
                && switch (target) {
                    case HEAP -> status.keyGroupsOnDisk() == 0;
                    case DISK -> status.keyGroupsOnHeap() == 0;
                };
    }

    private static void scanAll(Database raw, Rows rows, Rows.Serialized serialized)
            throws Exception {
        long expected = (long) rows.count() * (serialized.keyBytes() + serialized.valueBytes());
        long scanned = RawRocks.scan(raw);
        if (scanned != expected) {
            throw new IllegalStateException(
                    "Scanned %d bytes, not %d.".formatted(scanned, expected));
        }
    }
}
