package io.sluice.benchmarks.comparison;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A ratio and how well it is known.
 *
 * @param ratio the median of the ratios of all pairs; or a median difference, see {@link Allowance}
 * @param error half the width of the 95 % bootstrap interval of that median
 */
public record Comparison(double ratio, double error) {

    /*
     * The interval is a percentile bootstrap: the median is taken of many series that are drawn from
     * the measured ratios with replacement, and the middle 95 % of these medians span the interval.
     * It needs no assumption about how the noise of the machine is distributed, but is a little too
     * narrow for few ratios: it covers 88 % with seven of them. The seed is fixed, so that the same
     * measurements always give the same error.
     */

    /** Fewer ratios can all be off in the same direction, and agree by chance. */
    static final int FEWEST_RATIOS = 5;

    private static final int RESAMPLES = 10_000;
    private static final double TAIL = 0.025;
    private static final long SEED = 20_260_101;

    /** A median of fewer than five ratios has an error of its own size: too little is known. */
    static Comparison ofRatios(List<Double> ratios) {
        double median = Spread.of(ratios).median();
        if (ratios.size() < FEWEST_RATIOS) {
            return new Comparison(median, median);
        }
        double[] medians = mediansOfResamples(ratios);
        double low = medians[(int) (TAIL * RESAMPLES)];
        double high = medians[RESAMPLES - 1 - (int) (TAIL * RESAMPLES)];
        return new Comparison(median, (high - low) / 2);
    }

    /**
     * Returns the geometric mean over several subjects: of each first pair, of each second one, and
     * so on; and of these the median.
     *
     * @param subjects the pairs of each, as many of all
     */
    public static Comparison ofGeometricMeans(List<Pairs> subjects) {
        int rounds = subjects.get(0).pairs().size();
        List<Double> means = new ArrayList<>(rounds);
        for (int round = 0; round < rounds; round++) {
            double logarithms = 0;
            for (Pairs subject : subjects) {
                logarithms += Math.log(subject.pairs().get(round).ratio());
            }
            means.add(Math.exp(logarithms / subjects.size()));
        }
        return ofRatios(means);
    }

    /**
     * Returns the median of each round's median ratio. For rounds with processes of their own,
     * which make all pairs of a round differ in the same direction: what is drawn for the error is
     * rounds.
     */
    public static Comparison ofRounds(List<Pairs> rounds) {
        return ofRatios(rounds.stream().map(round -> round.ratio().ratio()).toList());
    }

    private static double[] mediansOfResamples(List<Double> ratios) {
        Random random = new Random(SEED);
        double[] medians = new double[RESAMPLES];
        double[] resample = new double[ratios.size()];
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.setAll(resample, drawn -> ratios.get(random.nextInt(ratios.size())));
            Arrays.sort(resample);
            medians[i] = Spread.medianOfSorted(resample);
        }
        Arrays.sort(medians);
        return medians;
    }

    /** Whether there were enough ratios for the error to mean something. */
    boolean isBounded() {
        return error < ratio;
    }

    /** Whether the error is small enough to publish the ratio in hundredths. */
    public boolean isClear() {
        return isClear(Precision.HUNDREDTHS);
    }

    /** Whether the error is small enough to publish the ratio so finely. */
    public boolean isClear(Precision precision) {
        return error <= precision.largestRelativeError() * ratio;
    }
}
