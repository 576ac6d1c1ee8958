package io.sluice.benchmarks.survival;

import io.sluice.benchmarks.session.Arguments;
import io.sluice.benchmarks.session.OptionException;

import java.util.List;

/**
 * @param runs of stock {@code hashmap}, and of ours
 * @param rocksDbRuns of stock RocksDB, each next to one of ours; not more than {@code runs}
 * @param events of each run
 */
record SurvivalOptions(int runs, int rocksDbRuns, int events) {

    private static final String USAGE =
            """
            benchmarks/run survival [--runs N] [--rocksdb-runs N] [--events N]
              --runs N          runs with hashmap, and as many with adaptive; 10 unless given
              --rocksdb-runs N  how many of the runs with adaptive have one with rocksdb beside them; 5 unless
                                given, and never more than --runs
              --events N        length of the stream, %d unless given: less is less state, to try it""";

    private static final int DEFAULT_RUNS = 10;
    private static final int DEFAULT_ROCKSDB_RUNS = 5;

    /** About three times the largest heap that one of the sides has. */
    private static final int DEFAULT_EVENTS = 720_000;

    static String usage() {
        return USAGE.formatted(DEFAULT_EVENTS);
    }

    /**
     * @throws OptionException if it cannot be used
     */
    static SurvivalOptions parse(List<String> arguments) {
        Arguments parsed =
                new Arguments(
                        arguments, List.of("--runs", "--rocksdb-runs", "--events"), List.of());
        int runs = parsed.positive("--runs", DEFAULT_RUNS);
        return new SurvivalOptions(
                runs,
                Math.min(runs, parsed.positive("--rocksdb-runs", DEFAULT_ROCKSDB_RUNS)),
                parsed.positive("--events", DEFAULT_EVENTS));
    }
}
