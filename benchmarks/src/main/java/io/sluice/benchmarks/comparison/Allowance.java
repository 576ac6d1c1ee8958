package io.sluice.benchmarks.comparison;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * What a benchmark is there to show: that a time is not longer than its baseline by more than is
 * allowed. For differences, which have no meaningful relative error: what is judged is the far end
 * of the interval.
 *
 * @param name as in {@code migration.load.out.lateness}
 * @param allowedMillis the largest difference that meets it
 */
public record Allowance(String name, int allowedMillis) {

    public boolean isMetBy(List<Double> differencesMillis) {
        Comparison difference = Comparison.ofRatios(differencesMillis);
        return differencesMillis.size() >= Comparison.FEWEST_RATIOS
                && rounded(difference.ratio() + difference.error())
                                .compareTo(BigDecimal.valueOf(allowedMillis))
                        <= 0;
    }

    /** Returns the line for people and programs: the median of the differences and its error. */
    public String resultLine(List<Double> differencesMillis) {
        Comparison difference = Comparison.ofRatios(differencesMillis);
        boolean enough = differencesMillis.size() >= Comparison.FEWEST_RATIOS;
        return "RESULT %s difference=%s error=%s goal<=%dms %s"
                .formatted(
                        name,
                        enough ? rounded(difference.ratio()) + "ms" : "unclear",
                        rounded(Math.abs(difference.error())) + "ms",
                        allowedMillis,
                        isMetBy(differencesMillis) ? "met" : "missed");
    }

    private static BigDecimal rounded(double millis) {
        return BigDecimal.valueOf(millis).setScale(1, RoundingMode.CEILING);
    }
}
