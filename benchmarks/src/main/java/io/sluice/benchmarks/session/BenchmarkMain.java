package io.sluice.benchmarks.session;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The main method of a benchmark. Exit code 0 whenever it could measure; 1 with one line on
 * standard error if not.
 */
public final class BenchmarkMain {

    private BenchmarkMain() {}

    /** What the benchmark does. */
    @FunctionalInterface
    public interface Body {

        /**
         * Measures, prints and writes the results.
         *
         * @param module the folder of this module; what is made goes below its {@code target}
         * @param commit for the file of results
         */
        void run(List<String> arguments, Path module, String commit) throws Exception;
    }

    /**
     * Runs a benchmark, and ends the JVM.
     *
     * @param what the end of "Cannot measure ..."
     */
    @SuppressWarnings("CatchingUnchecked") // Whatever it is, it ends the benchmark.
    public static void run(String[] args, String usage, String what, Body body) {
        // For lines that programs read.
        Locale.setDefault(Locale.ROOT);
        List<String> arguments = List.of(args);
        if (arguments.contains("--help")) {
            System.out.println(usage);
            return;
        }
        Interruption interruption = Interruption.ofCurrentThread();
        try {
            body.run(arguments, Path.of(property("sluice.benchmarks")), property("sluice.commit"));
            interruption.exit(0);
        } catch (OptionException e) {
            System.err.println(e.getMessage());
            interruption.exit(1);
        } catch (Exception e) {
            if (!interruption.happened()) {
                System.err.println("Cannot measure %s: %s".formatted(what, firstLine(e)));
            }
            interruption.exit(1);
        }
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(
                    "The system property '%s' is not set. Start it with benchmarks/run."
                            .formatted(name));
        }
        return value;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }
}
