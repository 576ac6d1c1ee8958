package io.sluice.benchmarks.migration;

import io.sluice.benchmarks.session.Arguments;
import io.sluice.benchmarks.session.OptionException;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * @param rounds measured at full pace, of each part with the smaller state
 * @param cycles measured under load
 * @param directories none: below {@code target}, and on tmpfs
 * @param parts those whose name, as in {@code value.5M.disk}, holds a match
 * @param quick less and smaller
 */
record MigrationOptions(
        int rounds, int cycles, Optional<List<Path>> directories, Pattern parts, boolean quick) {

    static final String USAGE =
            """
            benchmarks/run migration [--rounds N] [--cycles N] [--directories DIR,...] [--parts REGEX] [--quick]
              --rounds N             measured moves in each direction at full pace, 7 unless given; of the
                                     larger state 2 less, but at least 5
              --cycles N             measured moves in each direction under load, 7 unless given
              --directories DIR,...  where RocksDB is; unless given, below benchmarks/target and /dev/shm
              --parts REGEX          only those that match, as in 'value.500k' or 'load'; names are
                                     KIND.ROWS.DIRECTORY and load.DIRECTORY
              --quick                smaller and fewer, in one directory, to try it: too little to publish""";

    private static final int DEFAULT_ROUNDS = 7;
    private static final int DEFAULT_CYCLES = 7;
    private static final int QUICK_ROUNDS = 2;

    /**
     * @throws OptionException if it cannot be used
     */
    static MigrationOptions parse(List<String> arguments) {
        Arguments parsed =
                new Arguments(
                        arguments,
                        List.of("--rounds", "--cycles", "--directories", "--parts"),
                        List.of("--quick"));
        boolean quick = parsed.has("--quick");
        return new MigrationOptions(
                parsed.positive("--rounds", quick ? QUICK_ROUNDS : DEFAULT_ROUNDS),
                parsed.positive("--cycles", quick ? QUICK_ROUNDS : DEFAULT_CYCLES),
                parsed.text("--directories")
                        .map(list -> Arrays.stream(list.split(",", -1)).map(Path::of).toList()),
                pattern(parsed.text("--parts").orElse("")),
                quick);
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new OptionException(
                    "Option --parts takes a regular expression, not '%s': %s."
                            .formatted(regex, e.getDescription()));
        }
    }
}
