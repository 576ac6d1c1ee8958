package io.sluice.examples.backpressure;

import org.apache.flink.util.TimeUtils;

import java.time.Duration;

/**
 * What {@link SlowStepJob} is told on the command line.
 *
 * @param timePerRecord what each record takes
 * @param waiting whether it waits for that time, or works
 */
record SlowStepArguments(Duration timePerRecord, boolean waiting) {

    private static final String TIME_PER_RECORD = "--time-per-record";
    private static final String WAIT = "--wait";

    /**
     * Parses the arguments.
     *
     * @throws IllegalArgumentException if one is unknown or does not fit; the message is one line
     */
    static SlowStepArguments parse(String... args) {
        Duration timePerRecord = Duration.ofMillis(2);
        boolean waiting = false;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(WAIT)) {
                waiting = true;
            } else if (args[i].equals(TIME_PER_RECORD) && i + 1 < args.length) {
                timePerRecord = parseTime(args[++i]);
            } else {
                throw new IllegalArgumentException(
                        "Cannot start the job with a slow step: '%s' is no argument or has no value. Valid arguments: %s TIME, %s."
                                .formatted(args[i], TIME_PER_RECORD, WAIT));
            }
        }
        return new SlowStepArguments(timePerRecord, waiting);
    }

    private static Duration parseTime(String value) {
        try {
            return TimeUtils.parseDuration(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot start the job with a slow step: '%s' is '%s', but it must be a time, such as '2 ms'."
                            .formatted(TIME_PER_RECORD, value),
                    e);
        }
    }
}
