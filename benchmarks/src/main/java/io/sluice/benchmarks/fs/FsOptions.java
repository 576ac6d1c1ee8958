package io.sluice.benchmarks.fs;

import io.sluice.benchmarks.session.Arguments;
import io.sluice.benchmarks.session.OptionException;

import java.util.List;

/**
 * What is measured.
 *
 * @param pairs of turns of each operation on files
 * @param checkpoints of each job that are counted
 * @param stateMebibytes what the keyed state of a job comes to
 * @param onHeap whether a backend on heap is measured, too
 */
record FsOptions(int pairs, int checkpoints, int stateMebibytes, boolean onHeap) {

    static final String USAGE =
            """
            benchmarks/run fs [--pairs N] [--checkpoints N] [--state-mebibytes N] [--quick]
              --pairs N            pairs of turns for each of read, write and list; 100 unless given, and fewer than 5
                                   show nothing
              --checkpoints N      counted checkpoints of each job, 6 unless given
              --state-mebibytes N  keyed state of each job, 1100 unless given
              --quick              10 pairs, 3 checkpoints with 64 MiB of state on disk, to try it: shows nothing""";

    /**
     * Reads a command line.
     *
     * @throws OptionException if it cannot be used
     */
    static FsOptions parse(List<String> arguments) {
        Arguments parsed =
                new Arguments(
                        arguments,
                        List.of("--pairs", "--checkpoints", "--state-mebibytes"),
                        List.of("--quick"));
        boolean quick = parsed.has("--quick");
        return new FsOptions(
                parsed.positive("--pairs", quick ? 10 : 100),
                parsed.positive("--checkpoints", quick ? 3 : 6),
                parsed.positive("--state-mebibytes", quick ? 64 : 1100),
                !quick);
    }
}
