package io.sluice.examples.wordcount;

import org.apache.flink.core.fs.Path;
import org.apache.flink.util.TimeUtils;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@link WordCountJob} is told on the command line.
 *
 * @param inputs files and directories, at least one
 * @param output directory for the counts; null means standard output
 * @param bounded whether to read the files that are there and then end
 * @param discoveryInterval how often to look for new files
 * @param updateInterval how often to write the count of a word that keeps coming
 */
record WordCountArguments(
        List<Path> inputs,
        @Nullable Path output,
        boolean bounded,
        Duration discoveryInterval,
        Duration updateInterval) {

    private static final String HOME_VARIABLE = "FLINK_HOME";

    private static final String INPUT = "--input";
    private static final String OUTPUT = "--output";
    private static final String BOUNDED = "--bounded";
    private static final String DISCOVERY_INTERVAL = "--discovery-interval";
    private static final String UPDATE_INTERVAL = "--update-interval";
    private static final List<String> VALID =
            List.of(INPUT, OUTPUT, BOUNDED, DISCOVERY_INTERVAL, UPDATE_INTERVAL);

    private static final String LICENSES = "licenses";

    WordCountArguments {
        inputs = List.copyOf(inputs);
    }

    /**
     * Parses the arguments.
     *
     * @param home directory of the distribution, whose licences are the default input
     * @throws IllegalArgumentException if one is unknown or does not fit; the message is one line
     *     and lists those that are valid
     */
    static WordCountArguments parse(Optional<String> home, String... args) {
        try {
            Map<String, List<String>> given = valuesByKey(args);
            return new WordCountArguments(
                    inputs(given.getOrDefault(INPUT, List.of()), home),
                    single(given, OUTPUT).map(WordCountArguments::absolute).orElse(null),
                    given.containsKey(BOUNDED),
                    interval(given, DISCOVERY_INTERVAL),
                    interval(given, UPDATE_INTERVAL));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot start the word count: %s Valid arguments: %s."
                            .formatted(e.getMessage(), String.join(", ", VALID)),
                    e);
        }
    }

    /** Returns the home of the distribution that this process runs in, if its launcher says so. */
    static Optional<String> homeOfThisProcess() {
        return Optional.ofNullable(System.getenv(HOME_VARIABLE)).filter(home -> !home.isBlank());
    }

    private static Map<String, List<String>> valuesByKey(String... args) {
        Map<String, List<String>> values = new HashMap<>();
        for (int i = 0; i < args.length; i++) {
            String key = args[i];
            if (!VALID.contains(key)) {
                throw new IllegalArgumentException("there is no argument '%s'.".formatted(key));
            }
            List<String> valuesOfKey = values.computeIfAbsent(key, absent -> new ArrayList<>());
            if (!key.equals(BOUNDED)) {
                i++;
                if (i == args.length) {
                    throw new IllegalArgumentException("'%s' has no value.".formatted(key));
                }
                valuesOfKey.add(args[i]);
            }
        }
        return values;
    }

    private static List<Path> inputs(List<String> given, Optional<String> home) {
        if (given.isEmpty()) {
            return home.map(directory -> List.of(absolute(directory + "/" + LICENSES)))
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "there is no '%s', and %s, whose licences are the default input, is not set."
                                                    .formatted(INPUT, HOME_VARIABLE)));
        }
        return given.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(WordCountArguments::absolute)
                .toList();
    }

    private static Duration interval(Map<String, List<String>> given, String key) {
        return single(given, key)
                .map(value -> parseInterval(key, value))
                .orElse(Duration.ofSeconds(1));
    }

    private static Duration parseInterval(String key, String value) {
        Duration interval;
        try {
            interval = TimeUtils.parseDuration(value);
        } catch (IllegalArgumentException e) {
            interval = Duration.ZERO;
        }
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "'%s' is '%s', but it must be a time of at least 1 ms, such as '1 s'."
                            .formatted(key, value));
        }
        return interval;
    }

    private static Optional<String> single(Map<String, List<String>> given, String key) {
        List<String> values = given.getOrDefault(key, List.of());
        if (values.size() > 1) {
            throw new IllegalArgumentException("'%s' is given twice.".formatted(key));
        }
        return values.stream().findFirst();
    }

    /** A relative path is the caller's, not one of the machine that runs the task. */
    private static Path absolute(String path) {
        if (path.isBlank()) {
            throw new IllegalArgumentException("a path is empty.");
        }
        Path given = new Path(path);
        return given.isAbsolute() || given.toUri().getScheme() != null
                ? given
                : new Path(new File(path).getAbsoluteFile().toURI());
    }
}
