package io.sluice.demo;

import java.nio.file.Path;

/**
 * What the demo is told on its command line.
 *
 * @param events length of the auction stream
 * @param eventsPerSecond its rate
 * @param seed of the stream
 * @param report the HTML file to write
 */
record DemoArguments(long events, long eventsPerSecond, long seed, Path report) {

    static final String HELP =
            """
            Usage: ./demo [options]

            Builds the distribution if need be and shows what its state backend 'adaptive' is for. The same
            job, whose state grows to about three times the heap of its TaskManager, runs twice:

              1. with stock Flink's state backend 'hashmap', until the TaskManager is out of memory;
              2. with 'adaptive', which moves state to disk. In the middle of a move the TaskManager is
                 killed with signal 9; another one takes over; the result is checked exactly.

            Everything runs on free loopback ports and below the temporary directory, and is removed. What
            stays is the report: one HTML file. Takes about two minutes on two idle cores.

            Exit code: 0 if all of that happened, 1 if the result is not exact, 2 if the demo did not get so
            far, 130 after an interrupt.

            Options:
              --events N             length of the stream (450000)
              --events-per-second N  its rate (11000)
              --seed N               chooses the stream (42)
              --report FILE          where the report goes (target/demo-report.html)
              --help                 prints this
            """;

    private static final String VALID =
            "Valid are --events, --events-per-second and --seed with a number, --report with a file, and --help.";

    static DemoArguments parse(Path defaultReport, String... args) {
        long events = 450_000;
        long eventsPerSecond = 11_000;
        long seed = 42;
        Path report = defaultReport;
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--events" -> events = number(args[i], value);
                case "--events-per-second" -> eventsPerSecond = number(args[i], value);
                case "--seed" -> seed = number(args[i], value);
                case "--report" -> report = file(args[i], value);
                default ->
                        throw new IllegalArgumentException(
                                "There is no argument '%s'. %s".formatted(args[i], VALID));
            }
        }
        return new DemoArguments(events, eventsPerSecond, seed, report);
    }

    private static long number(String argument, String value) {
        if (!value.matches("[0-9]{1,12}") || Long.parseLong(value) == 0) {
            throw new IllegalArgumentException(
                    "Argument %s takes a number from 1 on, but got '%s'."
                            .formatted(argument, value));
        }
        return Long.parseLong(value);
    }

    private static Path file(String argument, String value) {
        if (value.isEmpty() || value.startsWith("--")) {
            throw new IllegalArgumentException(
                    "Argument %s takes a file, but got '%s'.".formatted(argument, value));
        }
        return Path.of(value);
    }
}
