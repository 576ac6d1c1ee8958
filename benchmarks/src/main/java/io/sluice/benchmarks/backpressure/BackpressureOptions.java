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
 * @param turn how long one is
 * @param warmUp of each side in a round
 * @param contests at least one
 */
record BackpressureOptions(
        int rounds, int pairs, Duration turn, Duration warmUp, List<Contest> contests) {

    static final String USAGE =
            """
            benchmarks/run backpressure [--rounds N] [--turns N] [--edges] [--quick]
              --rounds N  rounds, each with new JobManagers and TaskManagers; 10 unless given, and fewer than 5 show
                          nothing
              --turns N   turns of 1 s that each side has in a round, 20 unless given
              --edges     also what sluice.backpressure.edges costs on top: takes as long again
              --quick     2 rounds with 6 turns of 0.3 s, to try it: shows nothing""";

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
                Duration.ofMillis(quick ? 300 : 1000),
                Duration.ofSeconds(quick ? 3 : 20),
                parsed.has("--edges")
                        ? List.of(Contest.OVERHEAD, Contest.EDGES)
                        : List.of(Contest.OVERHEAD));
    }
}
