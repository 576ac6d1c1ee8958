package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import io.sluice.state.adaptive.placement.Tier;

import java.lang.reflect.Field;
import java.util.Random;

/** Moves the key groups of a backend, for tests of other packages. */
public final class TestMoves {

    private TestMoves() {}

    /** Moves everything to {@code tier}. */
    public static void moveAll(AbstractKeyedStateBackend<?> backend, Tier tier) {
        AdaptiveKeyedStateBackend<?> adaptive = (AdaptiveKeyedStateBackend<?>) backend;
        for (int keyGroup : adaptive.getKeyGroupRange()) {
            adaptive.requestMove(keyGroup, tier);
        }
        while (adaptive.runSlice(slice(1_000)) != KeyGroupMoves.Progress.IDLE) {
            requireNoFailure(adaptive);
        }
        requireNoFailure(adaptive);
    }

    /** Asks for everything to be moved to {@code tier}, and moves so many rows. */
    public static void moveSome(AbstractKeyedStateBackend<?> backend, Tier tier, int rows) {
        AdaptiveKeyedStateBackend<?> adaptive = (AdaptiveKeyedStateBackend<?>) backend;
        for (int keyGroup : adaptive.getKeyGroupRange()) {
            adaptive.requestMove(keyGroup, tier);
        }
        adaptive.runSlice(slice(rows));
        requireNoFailure(adaptive);
    }

    /** Moves some key groups, and others in part, and stops. */
    public static void leaveHalfMoved(AbstractKeyedStateBackend<?> backend, Random random) {
        AdaptiveKeyedStateBackend<?> adaptive = (AdaptiveKeyedStateBackend<?>) backend;
        KeyGroupRange range = adaptive.getKeyGroupRange();
        for (int keyGroup : range) {
            adaptive.requestMove(keyGroup, random.nextBoolean() ? Tier.DISK : Tier.HEAP);
            adaptive.runSlice(slice(1 + random.nextInt(4)));
            adaptive.moves().stop(keyGroup);
        }
        requireNoFailure(adaptive);
    }

    /** Goes on with moves, as {@link TestPlacement#randomStep} does. */
    public static void randomStep(AbstractKeyedStateBackend<?> backend, Random random) {
        TestPlacement.randomStep((AdaptiveKeyedStateBackend<?>) backend, random);
    }

    /** The RocksDB backend inside. */
    public static RocksDBKeyedStateBackend<?> disk(AbstractKeyedStateBackend<?> backend)
            throws ReflectiveOperationException {
        Field disk = AdaptiveKeyedStateBackend.class.getDeclaredField("disk");
        disk.setAccessible(true);
        return (RocksDBKeyedStateBackend<?>) disk.get(backend);
    }

    private static Slice slice(int rows) {
        return new Slice(System.nanoTime() + 60_000_000_000L, rows);
    }

    private static void requireNoFailure(AdaptiveKeyedStateBackend<?> backend) {
        if (backend.moves().failedMoves() > 0) {
            throw new AssertionError("A move failed: " + backend.moves().lastFailure());
        }
    }
}
