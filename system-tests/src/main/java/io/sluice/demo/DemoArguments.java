package io.sluice.demo;

/**
 * What the demo is told on its command line.
 *
 * @param events length of the auction stream
 * @param eventsPerSecond its rate, which leaves time to kill a TaskManager in the middle
 * @param seed of the stream
 */
record DemoArguments(long events, long eventsPerSecond, long seed) {

    static DemoArguments parse(String... args) {
        DemoArguments arguments = new DemoArguments(2_000_000, 100_000, 42);
        for (int i = 0; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            arguments =
                    switch (args[i]) {
                        case "--events" ->
                                new DemoArguments(
                                        number(args[i], value),
                                        arguments.eventsPerSecond,
                                        arguments.seed);
                        case "--events-per-second" ->
                                new DemoArguments(
                                        arguments.events, number(args[i], value), arguments.seed);
                        case "--seed" ->
                                new DemoArguments(
                                        arguments.events,
                                        arguments.eventsPerSecond,
                                        number(args[i], value));
                        default ->
                                throw new IllegalArgumentException(
                                        "There is no argument '%s'. Valid are --events, --events-per-second and --seed, each with a number."
                                                .formatted(args[i]));
                    };
        }
        return arguments;
    }

    private static long number(String argument, String value) {
        if (!value.matches("[0-9]{1,12}") || Long.parseLong(value) == 0) {
            throw new IllegalArgumentException(
                    "Argument %s takes a number from 1 on, but got '%s'."
                            .formatted(argument, value));
        }
        return Long.parseLong(value);
    }
}
