package io.sluice.benchmarks.backpressure;

import io.sluice.benchmarks.session.Arguments;
import io.sluice.benchmarks.session.OptionException;

import java.time.Duration;
import java.util.List;

/**
 * What is measured.
 *
 * @param rounds each with new processes
 * @param pairs of turns in a round
 * @param slice how long one is, of which a turn has {@link #SLICES}
 * @param warmUp of a job before its first turn
 * @param contests at least one
 */
record BackpressureOptions(
        int rounds, int pairs, Duration slice, Duration warmUp, List<Contest> contests) {

    static final int SLICES = 20;

    static final String USAGE =
            """
            benchmarks/run backpressure [--rounds N] [--turns N] [--edges] [--quick]
              --rounds N  rounds, each with new JobManagers and TaskManagers; 10 unless given, and fewer than 5 show
                          nothing
              --turns N   turns of 1 s with tracking, and as many without, in a round, 20 unless given
              --edges     also with sluice.backpressure.edges: takes as long again
              --quick     2 rounds with 6 turns, to try it: shows nothing""";

    BackpressureOptions {
        contests = List.copyOf(contests);
    }

    /**
     * Reads a command line.
     *
     * @throws OptionException if it cannot be used
     */
    static BackpressureOptions parse(List<String> arguments) {
        Arguments parsed =
                new Arguments(
                        arguments, List.of("--rounds", "--turns"), List.of("--edges", "--quick"));
        boolean quick = parsed.has("--quick");
        return new BackpressureOptions(
                parsed.positive("--rounds", quick ? 2 : 10),
                parsed.positive("--turns", quick ? 6 : 20),
                Duration.ofMillis(50),
                Duration.ofSeconds(quick ? 3 : 20),
                parsed.has("--edges")
                        ? List.of(Contest.OVERHEAD, Contest.EDGES)
                        : List.of(Contest.OVERHEAD));
    }
}
