package io.sluice.benchmarks.comparison;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * What a benchmark is there to show: that a ratio is not on the wrong side of a goal.
 *
 * @param name as in {@code startup.taskmanager}
 * @param goal the last ratio that meets it; its decimals say how finely the ratio is told
 */
public record Claim(String name, Bound bound, BigDecimal goal) {

    /** Which ratios meet a goal. */
    public enum Bound {
        /** Those up to the goal: times. */
        AT_MOST("<=", RoundingMode.CEILING),
        /** Those from the goal on: throughput. */
        AT_LEAST(">=", RoundingMode.FLOOR);

        private final String sign;

        /** To the side that does not flatter. */
        private final RoundingMode rounding;

        Bound(String sign, RoundingMode rounding) {
            this.sign = sign;
            this.rounding = rounding;
        }

        BigDecimal rounded(double ratio, Precision precision) {
            return BigDecimal.valueOf(ratio).setScale(precision.decimals(), rounding);
        }

        private boolean isMetBy(BigDecimal ratio, BigDecimal goal) {
            return switch (this) {
                case AT_MOST -> ratio.compareTo(goal) <= 0;
                case AT_LEAST -> ratio.compareTo(goal) >= 0;
            };
        }
    }

    public Claim {
        Precision.of(goal);
    }

    /** A claim that the ratio is {@code goal} or less, for example {@code 0.60}. */
    public static Claim atMost(String name, String goal) {
        return new Claim(name, Bound.AT_MOST, new BigDecimal(goal));
    }

    /** A claim that the ratio is {@code goal} or more. */
    public static Claim atLeast(String name, String goal) {
        return new Claim(name, Bound.AT_LEAST, new BigDecimal(goal));
    }

    private Precision precision() {
        return Precision.of(goal);
    }

    private boolean isClear(Comparison comparison) {
        return comparison.isClear(precision());
    }

    /** Whether the ratio meets the goal; if it is not clear, whether it does at its worst. */
    public boolean isMetBy(Comparison comparison) {
        double ratio = comparison.ratio();
        if (!isClear(comparison)) {
            if (!comparison.isBounded()) {
                return false;
            }
            ratio +=
                    switch (bound) {
                        case AT_MOST -> comparison.error();
                        case AT_LEAST -> -comparison.error();
                    };
        }
        return bound.isMetBy(bound.rounded(ratio, precision()), goal);
    }

    private String verdict(Comparison comparison) {
        if (isMetBy(comparison)) {
            return "met";
        }
        return isClear(comparison) ? "missed" : "unclear";
    }

    /**
     * Returns the line for people and programs, behind a line in words if the ratio is not clear.
     * Numbers are rounded so that what the line shows never looks better than it is.
     *
     * @param moreOption the option that brings more measurements
     */
    public List<String> resultLines(Comparison comparison, String moreOption) {
        return lines(
                name,
                comparison,
                precision(),
                rounded(comparison),
                "goal%s%s %s".formatted(bound.sign, goal, verdict(comparison)),
                moreOption);
    }

    static List<String> lines(
            String name,
            Comparison comparison,
            Precision precision,
            BigDecimal ratio,
            String verdict,
            String moreOption) {
        BigDecimal error =
                BigDecimal.valueOf(comparison.error())
                        .setScale(precision.decimals(), RoundingMode.CEILING);
        String line = "RESULT %s ratio=%s error=%s %s";
        if (comparison.isClear(precision)) {
            return List.of(line.formatted(name, ratio.toPlainString(), error, verdict));
        }
        return List.of(
                "%s: the error, %s, is more than %.0f %% of the ratio, %s: too much to publish it. Measure more pairs with %s, on a quieter machine."
                        .formatted(
                                name,
                                error,
                                100 * precision.largestRelativeError(),
                                ratio,
                                moreOption),
                line.formatted(name, "unclear", error, verdict));
    }

    private BigDecimal rounded(Comparison comparison) {
        return bound.rounded(comparison.ratio(), precision());
    }
}
