package io.sluice.benchmarks.comparison;

import java.util.List;

/**
 * The middle and the ends of a series of measurements, in the unit of the measurements.
 *
 * @param median of an even number of values: the mean of the two in the middle
 */
public record Spread(double min, double median, double max) {

    /**
     * Returns the spread of values in any order.
     *
     * @throws IllegalArgumentException if there are no values
     */
    public static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("There is no spread of no values.");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Spread(sorted[0], medianOfSorted(sorted), sorted[sorted.length - 1]);
    }

    static double medianOfSorted(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
