package io.sluice.benchmarks.state;

import io.sluice.benchmarks.session.Arguments;
import io.sluice.benchmarks.session.OptionException;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * @param pairs of forks of each operation
 * @param operations those whose name, as in {@code heap.value.get}, holds a match
 * @param quick shorter forks
 */
record StateOptions(int pairs, Pattern operations, boolean quick) {

    static final String USAGE =
            """
            benchmarks/run state [--pairs N] [--operations REGEX] [--quick]
              --pairs N              measured pairs of JVMs of each operation, 5 unless given
              --operations REGEX     only those that match, as in 'heap.value' or 'disk.*get'; names are
                                     TIER.KIND.OPERATION
              --quick                one pair of shorter runs each, to try it: too little to publish""";

    private static final int DEFAULT_PAIRS = 5;

    /**
     * @throws OptionException if it cannot be used
     */
    static StateOptions parse(List<String> arguments) {
        Arguments parsed =
                new Arguments(arguments, List.of("--pairs", "--operations"), List.of("--quick"));
        boolean quick = parsed.has("--quick");
        return new StateOptions(
                parsed.positive("--pairs", quick ? 1 : DEFAULT_PAIRS),
                pattern(parsed.text("--operations").orElse("")),
                quick);
    }

    private static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new OptionException(
                    "Option --operations takes a regular expression, not '%s': %s."
                            .formatted(regex, e.getDescription()));
        }
    }
}
