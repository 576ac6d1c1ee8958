package io.sluice.benchmarks.comparison;

import java.util.List;

/**
 * A ratio that a benchmark tells without a goal for it.
 *
 * @param name as in {@code survival.throughput.whole}
 */
public record Finding(String name, Precision precision) {

    /** A ratio in hundredths. */
    public Finding(String name) {
        this(name, Precision.HUNDREDTHS);
    }

    /** Returns the line for people and programs, in the form of {@link Claim#resultLines}. */
    public List<String> resultLines(Comparison comparison, String moreOption) {
        return Claim.lines(
                name,
                comparison,
                precision,
                Claim.Bound.AT_LEAST.rounded(comparison.ratio(), precision),
                "goal=none",
                moreOption);
    }
}
