package io.sluice.systemtests.faults.job;

import io.sluice.state.adaptive.placement.Tier;

import java.util.List;

/**
 * What {@link Steering} asks the state backend for.
 *
 * @param fraction of the key groups that is to be in {@code target}
 * @param taskShare of its time that a busy task gives to the move
 * @param rows the order is repeated, and each time gets one slice, until so many have moved
 */
public record MoveOrder(Tier target, double fraction, double taskShare, long rows) {

    /** So small that the second slice of a move of a busy task comes after hours. */
    private static final double ALMOST_NOTHING = 1e-7;

    /** Everything, at once. */
    public static MoveOrder all(Tier target) {
        return new MoveOrder(target, 1, 1, 0);
    }

    /** Everything, but the move comes to rest in the middle. */
    public static MoveOrder partOfTheWay(Tier target, long rows) {
        return new MoveOrder(target, 1, ALMOST_NOTHING, rows);
    }

    static MoveOrder parse(String text) {
        List<String> words = List.of(text.split(" ", -1));
        return new MoveOrder(
                Tier.valueOf(words.get(0)),
                Double.parseDouble(words.get(1)),
                Double.parseDouble(words.get(2)),
                Long.parseLong(words.get(3)));
    }

    @Override
    public String toString() {
        return "%s %s %s %d".formatted(target, fraction, taskShare, rows);
    }
}
