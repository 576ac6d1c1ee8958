package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.SecurityOptions;

import java.time.Duration;
import java.time.Instant;

/**
 * When tokens are obtained anew.
 *
 * @param ratio of the time for which tokens are valid, after which new ones are due
 * @param longestPause between two attempts of which the first one failed
 */
record TokenSchedule(double ratio, Duration longestPause) {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** Short of what would overflow. */
    private static final int MOST_DOUBLINGS = 20;

    /** Flink's manager comes at once if it is told less. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    static TokenSchedule of(Configuration configuration) {
        return new TokenSchedule(
                configuration.get(SecurityOptions.DELEGATION_TOKENS_RENEWAL_TIME_RATIO),
                min(
                        configuration.get(SecurityOptions.DELEGATION_TOKENS_RENEWAL_RETRY_BACKOFF),
                        LONGEST_PAUSE));
    }

    /** Returns when tokens that were made {@code now} are to be replaced. */
    Instant due(Instant now, Instant validUntil) {
        return now.plus(times(Duration.between(now, validUntil), ratio));
    }

    /** Returns how long to wait after one failure more than {@code misses} in a row. */
    Duration afterMiss(int misses) {
        return min(FIRST_PAUSE.multipliedBy(1L << Math.min(misses, MOST_DOUBLINGS)), longestPause);
    }

    /**
     * Returns what to tell Flink so that it comes back then: it waits for a part of the time that
     * is left.
     */
    Instant validUntilToReport(Instant now, Instant next) {
        Duration wait = Duration.between(now, next);
        if (wait.compareTo(SHORTEST) < 0) {
            wait = SHORTEST;
        }
        return now.plus(ratio > 0 ? times(wait, 1 / ratio) : wait);
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofMillis(Math.round(duration.toMillis() * factor));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
