package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;

import io.sluice.state.adaptive.KeyedBackends;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Random operations on Flink's heap backend and on ours, which must do the same, while ours moves
 * its key groups, fails to, takes snapshots and is restored from them.
 *
 * <p>{@code -Dsluice.model.seed=17} runs one seed, {@code -Dsluice.model.seeds=5000} that many.
 */
class AdaptiveStateModelTest {

    private static final int SEEDS = 200;

    static LongStream seeds() {
        Long one = Long.getLong("sluice.model.seed");
        return one == null
                ? LongStream.range(0, Integer.getInteger("sluice.model.seeds", SEEDS))
                : LongStream.of(one);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void doesWhatTheHeapBackendDoes(long seed, @TempDir Path directory) throws Exception {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        ModelSettings settings = ModelSettings.of(random);
        List<String> texts = texts(random);
        List<Long> numbers = numbers(random);

        if (settings.variableSizeKeys()) {
            run(settings, random, directory, texts, new Fragile.Strings());
        } else {
            run(settings, random, directory, numbers, new Fragile.Longs());
        }
    }

    private static <K> void run(
            ModelSettings settings,
            Random random,
            Path directory,
            List<K> keys,
            TypeSerializer<K> keySerializer)
            throws Exception {
        KeyedBackends.Time time = new KeyedBackends.Time();
        if (settings.variableSizeNamespaces()) {
            List<String> namespaces = List.of("", "a", "ab", "b", "\u0000");
            new ModelRun<>(
                            settings,
                            random,
                            directory,
                            time,
                            keys,
                            keySerializer,
                            namespaces,
                            new Fragile.Strings())
                    .run();
        } else {
            List<Integer> namespaces = List.of(0, 1, -1, 256);
            new ModelRun<>(
                            settings,
                            random,
                            directory,
                            time,
                            keys,
                            keySerializer,
                            namespaces,
                            IntSerializer.INSTANCE)
                    .run();
        }
    }

    /** Texts that are prefixes of each other, among them. */
    private static List<String> texts(Random random) {
        List<String> texts =
                new ArrayList<>(List.of("", "a", "aa", "ab", "b", "ba", "\u0000", "é"));
        for (int i = 0; i < 5_000; i++) {
            texts.add("k".repeat(random.nextInt(3)) + Integer.toString(i, 36));
        }
        return texts;
    }

    private static List<Long> numbers(Random random) {
        List<Long> numbers = new ArrayList<>(List.of(0L, -1L, Long.MAX_VALUE, 256L));
        for (long i = 1; i < 5_000; i++) {
            numbers.add(random.nextBoolean() ? i : random.nextLong());
        }
        return numbers;
    }
}
