package io.sluice.benchmarks.state;

import org.apache.flink.runtime.state.AbstractKeyedStateBackend;

import io.sluice.benchmarks.backend.Database;
import io.sluice.benchmarks.backend.OpenBackend;
import io.sluice.benchmarks.backend.RocksTuning;
import io.sluice.benchmarks.backend.Subject;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Operations on one state of one backend, each with a new current key, as Flink's own benchmarks of
 * state have them. Public for JMH, which runs it in JVMs of its own; {@link StateBenchmark} asks it
 * to.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public abstract class KeyedOperations {

    static final String STATE = "state";

    /** A power of two. */
    private static final int SEQUENCE = 1 << 20;

    private static final long SEED = 20_260_101;

    /** The other side may still be setting up. */
    private static final Duration LONGEST_TURN = Duration.ofMinutes(3);

    /** One of {@link Subject}. */
    @Param({"STOCK_HEAP"})
    public String subject = "";

    @Param({"500000"})
    public int keys;

    @Param({"."})
    public String directory = "";

    /** File of the {@link Turns}. */
    @Param({"turns"})
    public String turns = "";

    /** Whether this JVM has the first turn. */
    @Param({"true"})
    public boolean first;

    private final long[] sequence = new long[SEQUENCE];
    private int position;
    private long firstNewKey;
    private long newKeys;
    private long grown;

    private Blackhole blackhole;
    private Turns taking;
    private OpenBackend open;
    private AbstractKeyedStateBackend<Long> backend;
    private @Nullable Database database;

    @SuppressWarnings("NullAway") // JMH calls setUp first.
    KeyedOperations() {}

    @Setup
    public final void setUp(Blackhole consumer) throws Exception {
        blackhole = consumer;
        taking = new Turns(Path.of(turns), first, LONGEST_TURN);
        Path temporary = Path.of(directory);
        Subject measured = Subject.valueOf(subject);
        open = new OpenBackend(measured, RocksTuning.in(temporary), temporary);
        backend = open.backend();
        register(open);
        firstNewKey = setUpKeys();
        for (long key = 0; key < firstNewKey; key++) {
            backend.setCurrentKey(key);
            fill();
        }
        if (measured == Subject.STOCK_DISK || measured == Subject.OURS_ON_DISK) {
            database = Database.of(backend, STATE);
            database.flushAndCompact();
        }
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < SEQUENCE; i++) {
            sequence[i] = random.nextLong(firstNewKey);
        }
        System.gc();
    }

    @Setup(Level.Iteration)
    public final void awaitTurn() {
        taking.await();
    }

    /**
     * Removes what was added, so that iterations find the same state, and ends the turn. RocksDB
     * ends its background work before: it must not burden the other side.
     */
    @TearDown(Level.Iteration)
    public final void cleanUp() throws Exception {
        for (long key = firstNewKey; key < firstNewKey + newKeys; key++) {
            backend.setCurrentKey(key);
            clear();
        }
        newKeys = 0;
        if (grown > firstNewKey) {
            for (long key = 0; key < firstNewKey; key++) {
                backend.setCurrentKey(key);
                fill();
            }
            grown = 0;
        }
        while (database != null && !database.isIdle()) {
            // The pace of looking: RocksDB tells nobody when it has nothing left to do.
            Thread.sleep(1);
        }
        taking.pass();
    }

    /** Closes the backend when the other side measures no more. */
    @TearDown
    public final void tearDown() throws Exception {
        taking.await();
        open.close();
        taking.pass();
    }

    /**
     * Reads the clock, which on current processors waits for the instructions before and costs some
     * 25 ns. Between two accesses of a task lies all that a record goes through. Here there is
     * nothing, and a processor that reaches the next key in its window of a few hundred
     * instructions overlaps its cache misses with those before: the result is up to 1.5 times as
     * fast or slow for one instruction more, and says nothing about the backend.
     */
    private void awaitLastOperation() {
        blackhole.consume(System.nanoTime());
    }

    /** Makes a random one of the keys that were set up the current one. */
    final void toKnownKey() {
        awaitLastOperation();
        backend.setCurrentKey(sequence[position++ & (SEQUENCE - 1)]);
    }

    /** Makes a key that has no entry the current one. */
    final void toNewKey() {
        awaitLastOperation();
        backend.setCurrentKey(firstNewKey + newKeys++);
    }

    /** Some value that is not always the same. */
    final long value() {
        return position;
    }

    long setUpKeys() {
        return keys;
    }

    abstract void register(OpenBackend from) throws Exception;

    /** Gives the current key what all keys have in the beginning. */
    abstract void fill() throws Exception;

    /** Removes all that the current key has. */
    abstract void clear();

    /** Says that an entry of a known key got larger: from time to time, all are filled anew. */
    final void entryGrew() {
        grown++;
    }
}
