package io.sluice.benchmarks.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options of a command line, each with a value, or without one if it is a flag. */
public final class Arguments {

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Reads a command line.
     *
     * @param options take a value
     * @param flags take none
     * @throws OptionException if an argument is neither
     */
    public Arguments(List<String> arguments, List<String> options, List<String> flags) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (flags.contains(argument)) {
                values.put(argument, "");
            } else if (!options.contains(argument)) {
                throw new OptionException(
                        "There is no option '%s'. Valid are: %s."
                                .formatted(argument, valid(options, flags)));
            } else if (++i == arguments.size()) {
                throw new OptionException("Option %s needs a value.".formatted(argument));
            } else {
                values.put(argument, arguments.get(i));
            }
        }
    }

    private static String valid(List<String> options, List<String> flags) {
        return Stream.of(options, flags, List.of("--help"))
                .flatMap(List::stream)
                .collect(Collectors.joining(", "));
    }

    public boolean has(String flag) {
        return values.containsKey(flag);
    }

    public Optional<String> text(String option) {
        return Optional.ofNullable(values.get(option));
    }

    /**
     * Returns the number that an option has.
     *
     * @throws OptionException if the value is not a whole number above 0
     */
    public int positive(String option, int otherwise) {
        String value = values.get(option);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new OptionException(
                "Option %s takes a whole number above 0, not '%s'.".formatted(option, value));
    }
}
