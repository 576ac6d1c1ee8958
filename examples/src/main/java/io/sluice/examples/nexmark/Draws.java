package io.sluice.examples.nexmark;

import java.io.Serializable;

/**
 * Random numbers by position instead of by turn: each is a function of (seed, event, choice).
 *
 * <p>SplitMix64 read at an index: its state is a counter times a constant, so any position can be
 * computed directly. Own code rather than {@link java.util.SplittableRandom}, so that no JDK
 * changes the stream.
 */
final class Draws implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    /** Room for the choices of one event: their positions must not meet those of the next. */
    private static final int CHOICES_PER_EVENT = 32;

    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";
    private static final int LETTERS_PER_DRAW = 12;

    private final long start;

    Draws(long seed) {
        this.start = mix(seed + GOLDEN_GAMMA);
    }

    /** Returns 64 random bits. */
    long at(long event, int choice) {
        return mix(start + (event * CHOICES_PER_EVENT + choice + 1) * GOLDEN_GAMMA);
    }

    /** Returns a number from 0 to {@code bound - 1}. */
    long below(long bound, long event, int choice) {
        // A bias of bound / 2^63: far below what any test of this stream could see.
        return (at(event, choice) >>> 1) % bound;
    }

    String letters(long event, int choice, int length) {
        char[] letters = new char[length];
        long word = at(event, choice);
        long bits = word >>> 1;
        for (int i = 0; i < length; i++) {
            if (i > 0 && i % LETTERS_PER_DRAW == 0) {
                word = mix(word + GOLDEN_GAMMA);
                bits = word >>> 1;
            }
            letters[i] = ALPHABET.charAt((int) (bits % ALPHABET.length()));
            bits /= ALPHABET.length();
        }
        return new String(letters);
    }

    /** Returns four groups of four digits, as on a credit card. */
    String digitGroups(long event, int choice) {
        String digits =
                Long.toString(
                        10_000_000_000_000_000L + below(10_000_000_000_000_000L, event, choice));
        return digits.substring(1, 5)
                + " "
                + digits.substring(5, 9)
                + " "
                + digits.substring(9, 13)
                + " "
                + digits.substring(13);
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
