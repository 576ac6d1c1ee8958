package io.sluice.benchmarks.comparison;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Measurements of two sides, taken in turns: each pair saw the machine in about the same state, so
 * its ratio is better known than either of its values.
 */
public record Pairs(List<Pair> pairs) {

    /** Both in the same unit, above zero. */
    public record Pair(double ours, double baseline) {

        public Pair {
            if (!(ours > 0) || !(baseline > 0)) {
                throw new IllegalArgumentException(
                        "ours=%s, baseline=%s: both must be above zero".formatted(ours, baseline));
            }
        }

        double ratio() {
            return ours / baseline;
        }
    }

    public Pairs {
        pairs = List.copyOf(pairs);
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to compare: no pair.");
        }
    }

    public Spread ours() {
        return spread(Pair::ours);
    }

    public Spread baseline() {
        return spread(Pair::baseline);
    }

    /** Returns our value as a part of the baseline's. */
    public Comparison ratio() {
        return Comparison.ofRatios(pairs.stream().map(Pair::ratio).toList());
    }

    private Spread spread(ToDoubleFunction<Pair> side) {
        return Spread.of(pairs.stream().map(side::applyAsDouble).toList());
    }
}
