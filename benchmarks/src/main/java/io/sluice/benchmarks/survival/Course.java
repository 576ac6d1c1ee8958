package io.sluice.benchmarks.survival;

import java.time.Duration;
import java.util.List;

/**
 * How many records an operator had taken at some instants.
 *
 * @param startMillis when it could take the first one, wall clock
 * @param readings with more records from one to the next
 */
record Course(long startMillis, List<Reading> readings) {

    /** What the operator said at one instant. */
    record Reading(long atMillis, long records) {}

    Course {
        readings = List.copyOf(readings);
    }

    long records() {
        return readings.isEmpty() ? 0 : readings.get(readings.size() - 1).records();
    }

    /**
     * Returns how long the first {@code records} took: between two readings in proportion.
     *
     * @throws IllegalArgumentException if there were not so many
     */
    Duration timeOf(long records) {
        Reading before = new Reading(startMillis, 0);
        for (Reading reading : readings) {
            if (reading.records() >= records) {
                double share =
                        (double) (records - before.records())
                                / (reading.records() - before.records());
                double atMillis =
                        before.atMillis() + share * (reading.atMillis() - before.atMillis());
                return Duration.ofMillis(Math.round(atMillis - startMillis));
            }
            before = reading;
        }
        throw new IllegalArgumentException(
                "records=%d: there were only %d".formatted(records, records()));
    }
}
