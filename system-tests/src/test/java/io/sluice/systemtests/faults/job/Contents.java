package io.sluice.systemtests.faults.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All state of one key, and what it must be: the numbers of a key are {@code key}, {@code key +
 * KEYS}, {@code key + 2 * KEYS}, ..., one a round.
 *
 * @param latest the texts of the last numbers, by place: of a number, {@code round % PLACES}
 * @param sinceFlush the numbers since the last round that {@code PLACES} divides
 */
public record Contents(Tally tally, Map<Long, String> latest, List<Long> sinceFlush) {

    /** Number of keys. */
    public static final long KEYS = 512;

    /** Numbers of each key. */
    public static final long ROUNDS = 32;

    static final long PLACES = 8;

    private static final int TEXT_LENGTH = 1000;

    public Contents {
        latest = new TreeMap<>(latest);
        sinceFlush = List.copyOf(sinceFlush);
    }

    /** Returns what {@code key} must have after so many of its numbers. */
    public static Contents expected(long key, long rounds) {
        Tally tally = Tally.NONE;
        Map<Long, String> latest = new TreeMap<>();
        List<Long> sinceFlush = new ArrayList<>();
        for (long round = 0; round < rounds; round++) {
            long number = key + round * KEYS;
            tally = tally.plus(number);
            latest.put(round % PLACES, text(number));
            if (round % PLACES == 0) {
                sinceFlush.clear();
            }
            sinceFlush.add(number);
        }
        return new Contents(tally, latest, sinceFlush);
    }

    /** Long, so that the state is some megabytes and buffers hold few records. */
    static String text(long number) {
        String digits = Long.toString(number) + ' ';
        return digits.repeat(TEXT_LENGTH / digits.length());
    }

    /** The line that the job writes of a key at its end. */
    public String toLine(long key) {
        return "%d: %d numbers, sum %d, texts %s, since flush %s"
                .formatted(key, tally.count(), tally.sum(), latest, sinceFlush);
    }
}
