package io.sluice.benchmarks.comparison;

import java.util.List;

/**
 * A ratio that a benchmark tells without a goal for it.
 *
 * @param name as in {@code survival.throughput.whole}
 */
public record Finding(String name) {

    /** Returns the line for people and programs, in the form of {@link Claim#resultLines}. */
    public List<String> resultLines(Comparison comparison, String moreOption) {
        return Claim.lines(
                name,
                comparison,
                Claim.Bound.AT_LEAST.rounded(comparison.ratio()),
                "goal=none",
                moreOption);
    }
}
