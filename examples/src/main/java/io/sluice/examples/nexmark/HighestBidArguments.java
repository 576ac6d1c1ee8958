package io.sluice.examples.nexmark;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@link HighestBidJob} is told on the command line.
 *
 * @param output directory for the results; null means standard output
 * @param parallelism null means the cluster's default
 */
record HighestBidArguments(
        NexmarkSettings settings, @Nullable Path output, @Nullable Integer parallelism) {

    private static final String OUTPUT = "output";
    private static final String PARALLELISM = "parallelism";

    /**
     * Parses {@code --key value} pairs.
     *
     * @throws IllegalArgumentException if one is unknown or does not fit; the message is one line
     *     and lists those that are valid
     */
    static HighestBidArguments parse(String... args) {
        try {
            Map<String, String> given = pairs(args);
            String output = given.get(OUTPUT);
            String parallelism = given.get(PARALLELISM);
            return new HighestBidArguments(
                    NexmarkSettings.from(Configuration.fromMap(given)),
                    output == null ? null : absolute(output),
                    parallelism == null ? null : positive(parallelism));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot start the highest bid job: %s Valid arguments: %s."
                            .formatted(e.getMessage(), validKeys()),
                    e);
        }
    }

    private static Map<String, String> pairs(String... args) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            String argument = args[i];
            if (keys().noneMatch(key -> argument.equals("--" + key))) {
                throw new IllegalArgumentException(
                        "there is no argument '%s'.".formatted(argument));
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("'%s' has no value.".formatted(argument));
            }
            if (pairs.put(argument.substring(2), args[i + 1]) != null) {
                throw new IllegalArgumentException("'%s' is given twice.".formatted(argument));
            }
        }
        return pairs;
    }

    /** A relative directory is the caller's, not one of the machine that runs the task. */
    private static Path absolute(String path) {
        Path given = new Path(path);
        return given.isAbsolute() || given.toUri().getScheme() != null
                ? given
                : new Path(new File(path).getAbsoluteFile().toURI());
    }

    private static int positive(String value) {
        int parallelism;
        try {
            parallelism = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            parallelism = 0;
        }
        if (parallelism < 1) {
            throw new IllegalArgumentException(
                    "'--%s' is '%s', but it must be a number from 1 on."
                            .formatted(PARALLELISM, value));
        }
        return parallelism;
    }

    private static Stream<String> keys() {
        return Stream.concat(
                NexmarkOptions.ALL.stream().map(ConfigOption::key), Stream.of(OUTPUT, PARALLELISM));
    }

    private static String validKeys() {
        return keys().map(key -> "--" + key).collect(Collectors.joining(", "));
    }
}
