package io.sluice.benchmarks.startup;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * @param runs measured pairs of each process, behind one pair to warm up
 */
record StartupOptions(int runs, Baseline baseline) {

    static final String USAGE =
            """
            benchmarks/run startup [--runs N] [--baseline lean|full]
              --runs N               measured pairs of each process, 7 unless given
              --baseline lean|full   lean, unless given: the JVMs without which stock Flink's scripts could not do
                                     full: also those that they start without need, a second reading of the
                                     configuration and a JVM that tells its version""";

    private static final int DEFAULT_RUNS = 7;

    /** How much of what stock Flink's scripts do is in the baseline. */
    enum Baseline {
        LEAN,
        FULL;

        /** The name that options and scripts use. */
        String argument() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The command line cannot be used; the message is one line. */
    static final class OptionException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        OptionException(String message) {
            super(message);
        }
    }

    /**
     * @throws OptionException if it cannot be used
     */
    static StartupOptions parse(List<String> arguments) {
        int runs = DEFAULT_RUNS;
        Baseline baseline = Baseline.LEAN;
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            switch (option) {
                case "--runs" -> runs = runs(valueOf(option, arguments, i + 1));
                case "--baseline" -> baseline = baseline(valueOf(option, arguments, i + 1));
                default ->
                        throw new OptionException(
                                "There is no option '%s'. Valid are: --runs, --baseline, --help."
                                        .formatted(option));
            }
        }
        return new StartupOptions(runs, baseline);
    }

    private static String valueOf(String option, List<String> arguments, int index) {
        if (index == arguments.size()) {
            throw new OptionException("Option %s needs a value.".formatted(option));
        }
        return arguments.get(index);
    }

    private static int runs(String value) {
        try {
            int runs = Integer.parseInt(value);
            if (runs > 0) {
                return runs;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new OptionException(
                "Option --runs takes a whole number above 0, not '%s'.".formatted(value));
    }

    private static Baseline baseline(String value) {
        return Arrays.stream(Baseline.values())
                .filter(baseline -> baseline.argument().equals(value))
                .findFirst()
                .orElseThrow(
                        () ->
                                new OptionException(
                                        "Option --baseline takes lean or full, not '%s'."
                                                .formatted(value)));
    }
}
