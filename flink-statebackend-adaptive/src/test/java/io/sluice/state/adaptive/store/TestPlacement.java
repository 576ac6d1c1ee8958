package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.AbstractKeyedStateBackend;

import io.sluice.state.adaptive.placement.Tier;

import java.util.Random;

/** Where the state of a test lives, and whether it moves while the test runs. */
public enum TestPlacement {
    ALL_HEAP,
    ALL_DISK,
    /** Every other key group on disk. */
    ALTERNATING,
    /** Before each change of the key, a random step of a random move. */
    CHAOS;

    /** The tier in which a key group starts. */
    public Tier initialTier(int keyGroup) {
        return switch (this) {
            case ALL_HEAP, CHAOS -> Tier.HEAP;
            case ALL_DISK -> Tier.DISK;
            case ALTERNATING -> keyGroup % 2 == 0 ? Tier.HEAP : Tier.DISK;
        };
    }

    /** Moves what was restored to where it belongs, and starts the chaos. */
    public <K> AbstractKeyedStateBackend<K> applyTo(
            AbstractKeyedStateBackend<K> backend, long seed) {
        AdaptiveKeyedStateBackend<K> adaptive = (AdaptiveKeyedStateBackend<K>) backend;
        if (this == CHAOS) {
            Random random = new Random(seed);
            adaptive.registerKeySelectionListener(key -> randomStep(adaptive, random));
        }
        return backend;
    }

    /** Asks for a random move now and then, and moves a few rows. */
    public static void randomStep(AdaptiveKeyedStateBackend<?> backend, Random random) {
        if (random.nextBoolean()) {
            int keyGroup =
                    backend.getKeyGroupRange()
                            .getKeyGroupId(
                                    random.nextInt(
                                            backend.getKeyGroupRange().getNumberOfKeyGroups()));
            backend.requestMove(keyGroup, random.nextBoolean() ? Tier.HEAP : Tier.DISK);
        }
        Slice slice = new Slice(System.nanoTime() + 10_000_000_000L, 1 + random.nextInt(3));
        backend.runSlice(slice);
        if (backend.moves().failedMoves() > 0) {
            throw new AssertionError("A move failed: " + backend.moves().lastFailure());
        }
    }
}
