package io.sluice.benchmarks.comparison;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * What a benchmark is there to show: that a ratio is not above a goal.
 *
 * @param name as in {@code startup.taskmanager}
 * @param goal the largest ratio that meets it, in hundredths
 */
public record Claim(String name, BigDecimal goal) {

    public Claim {
        if (goal.scale() != 2) {
            throw new IllegalArgumentException("goal=%s: state hundredths".formatted(goal));
        }
    }

    public boolean isMetBy(Comparison comparison) {
        return comparison.isClear() && hundredths(comparison.ratio()).compareTo(goal) <= 0;
    }

    /**
     * Returns the line for people and programs, behind a line in words if the ratio is not clear.
     * Numbers are rounded up: what the line shows never looks better than it is.
     */
    public List<String> resultLines(Comparison comparison) {
        BigDecimal error = hundredths(comparison.error());
        String verdict = isMetBy(comparison) ? "met" : "missed";
        if (comparison.isClear()) {
            return List.of(line(hundredths(comparison.ratio()).toPlainString(), error, verdict));
        }
        return List.of(
                "%s: the error, %s, is more than %.0f %% of the ratio, %s: too much to publish it. Measure more pairs with --runs, on a quieter machine."
                        .formatted(
                                name,
                                error,
                                100 * Comparison.LARGEST_RELATIVE_ERROR,
                                hundredths(comparison.ratio())),
                line("unclear", error, verdict));
    }

    private String line(String ratio, BigDecimal error, String verdict) {
        return "RESULT %s ratio=%s error=%s goal<=%s %s"
                .formatted(name, ratio, error, goal, verdict);
    }

    private static BigDecimal hundredths(double value) {
        return BigDecimal.valueOf(value).setScale(2, RoundingMode.CEILING);
    }
}
