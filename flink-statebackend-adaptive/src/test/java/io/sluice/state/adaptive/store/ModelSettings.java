package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.runtime.state.KeyGroupRange;

import org.jspecify.annotations.Nullable;

import java.util.Random;

/** What one run of the model test is like; all follows from its seed. */
record ModelSettings(
        int maxParallelism,
        KeyGroupRange range,
        TestPlacement placement,
        boolean variableSizeKeys,
        boolean variableSizeNamespaces,
        @Nullable StateTtlConfig timeToLive,
        boolean failingMoves,
        boolean largeEntries,
        int inlineBytes,
        int operations) {

    static ModelSettings of(Random random) {
        int maxParallelism = random.nextBoolean() ? 128 : 500;
        int groups = 3 + random.nextInt(14);
        int first = random.nextInt(maxParallelism - groups);
        TestPlacement[] placements = {
            TestPlacement.ALL_HEAP, TestPlacement.ALL_DISK, TestPlacement.ALTERNATING
        };
        return new ModelSettings(
                maxParallelism,
                KeyGroupRange.of(first, first + groups - 1),
                placements[random.nextInt(placements.length)],
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextInt(3) == 0 ? timeToLive(random) : null,
                random.nextInt(2) == 0,
                random.nextInt(5) == 0,
                random.nextBoolean() ? 0 : 20_000,
                250);
    }

    /**
     * Without clean-up in the background, which the two tiers do at different times; see {@link
     * io.sluice.state.adaptive.TtlCleanUpTest}.
     */
    private static StateTtlConfig timeToLive(Random random) {
        return StateTtlConfig.newBuilder(ModelStates.TIME_TO_LIVE)
                .setUpdateType(
                        random.nextBoolean()
                                ? StateTtlConfig.UpdateType.OnCreateAndWrite
                                : StateTtlConfig.UpdateType.OnReadAndWrite)
                .disableCleanupInBackground()
                .build();
    }
}
