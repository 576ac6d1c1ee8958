package io.sluice.benchmarks.comparison;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * What a benchmark is there to show: that a ratio is not on the wrong side of a goal.
 *
 * @param name as in {@code startup.taskmanager}
 * @param goal the last ratio that meets it, in hundredths
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

        BigDecimal rounded(double ratio) {
            return BigDecimal.valueOf(ratio).setScale(2, rounding);
        }

        private boolean isMetBy(BigDecimal ratio, BigDecimal goal) {
            return switch (this) {
                case AT_MOST -> ratio.compareTo(goal) <= 0;
                case AT_LEAST -> ratio.compareTo(goal) >= 0;
            };
        }
    }

    public Claim {
        if (goal.scale() != 2) {
            throw new IllegalArgumentException("goal=%s: state hundredths".formatted(goal));
        }
    }

    /** A claim that the ratio is {@code goal} or less, for example {@code 0.60}. */
    public static Claim atMost(String name, String goal) {
        return new Claim(name, Bound.AT_MOST, new BigDecimal(goal));
    }

    /** A claim that the ratio is {@code goal} or more. */
    public static Claim atLeast(String name, String goal) {
        return new Claim(name, Bound.AT_LEAST, new BigDecimal(goal));
    }

    /** Whether the ratio meets the goal; if it is not clear, whether it does at its worst. */
    public boolean isMetBy(Comparison comparison) {
        double ratio = comparison.ratio();
        if (!comparison.isClear()) {
            if (!comparison.isBounded()) {
                return false;
            }
            ratio +=
                    switch (bound) {
                        case AT_MOST -> comparison.error();
                        case AT_LEAST -> -comparison.error();
                    };
        }
        return bound.isMetBy(bound.rounded(ratio), goal);
    }

    private String verdict(Comparison comparison) {
        if (isMetBy(comparison)) {
            return "met";
        }
        return comparison.isClear() ? "missed" : "unclear";
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
                rounded(comparison),
                "goal%s%s %s".formatted(bound.sign, goal, verdict(comparison)),
                moreOption);
    }

    static List<String> lines(
            String name,
            Comparison comparison,
            BigDecimal ratio,
            String verdict,
            String moreOption) {
        BigDecimal error = BigDecimal.valueOf(comparison.error()).setScale(2, RoundingMode.CEILING);
        String line = "RESULT %s ratio=%s error=%s %s";
        if (comparison.isClear()) {
            return List.of(line.formatted(name, ratio.toPlainString(), error, verdict));
        }
        return List.of(
                "%s: the error, %s, is more than %.0f %% of the ratio, %s: too much to publish it. Measure more pairs with %s, on a quieter machine."
                        .formatted(
                                name,
                                error,
                                100 * Comparison.LARGEST_RELATIVE_ERROR,
                                ratio,
                                moreOption),
                line.formatted(name, "unclear", error, verdict));
    }

    private BigDecimal rounded(Comparison comparison) {
        return bound.rounded(comparison.ratio());
    }
}
