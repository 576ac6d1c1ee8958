package io.sluice.benchmarks.comparison;

import io.sluice.benchmarks.comparison.Pairs.Pair;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ComparisonTest {

    @Test
    void equalRatiosHaveNoError() {
        assertThat(Comparison.ofRatios(Collections.nCopies(7, 0.5)))
                .isEqualTo(new Comparison(0.5, 0));
    }

    @Test
    void oneOutlierOfSevenDoesNotMatter() {
        Comparison comparison =
                Comparison.ofRatios(List.of(0.50, 0.51, 0.49, 0.50, 5.00, 0.51, 0.49));

        assertThat(comparison.ratio()).isEqualTo(0.50);
        assertThat(comparison.error()).isLessThanOrEqualTo(0.02);
        assertThat(comparison.isClear()).isTrue();
    }

    @Test
    void ratiosThatScatterAreNotClear() {
        Comparison comparison = Comparison.ofRatios(List.of(0.3, 0.9, 0.5, 1.2, 0.4, 0.8, 0.6));

        assertThat(comparison.ratio()).isEqualTo(0.6);
        assertThat(comparison.error()).isBetween(0.15, 0.45);
        assertThat(comparison.isClear()).isFalse();
    }

    @Test
    void fourRatiosAreNeverClear() {
        assertThat(Comparison.ofRatios(Collections.nCopies(4, 0.5)))
                .isEqualTo(new Comparison(0.5, 0.5));
        assertThat(Comparison.ofRatios(Collections.nCopies(4, 0.5)).isClear()).isFalse();
    }

    @Test
    void sameRatiosGiveTheSameError() {
        List<Double> ratios = List.of(0.3, 0.9, 0.5, 1.2, 0.4);

        assertThat(Comparison.ofRatios(ratios)).isEqualTo(Comparison.ofRatios(ratios));
    }

    @Test
    void geometricMeanIsTakenPairByPair() {
        Pairs twice = new Pairs(Collections.nCopies(5, new Pair(4, 2)));
        Pairs half = new Pairs(Collections.nCopies(5, new Pair(2, 4)));

        assertThat(Comparison.ofGeometricMeans(List.of(twice, half)).ratio())
                .isCloseTo(1, within(1e-9));
        assertThat(Comparison.ofGeometricMeans(List.of(twice, twice)).ratio())
                .isCloseTo(2, within(1e-9));
    }

    @Test
    void roundCountsOnceHoweverManyPairsItHas() {
        List<Pairs> rounds =
                Stream.of(0.98, 0.99, 1.00, 1.01, 1.02)
                        .map(ratio -> new Pairs(Collections.nCopies(20, new Pair(ratio, 1))))
                        .toList();

        Comparison comparison = Comparison.ofRounds(rounds);

        assertThat(comparison.ratio()).isEqualTo(1);
        assertThat(comparison.error()).isCloseTo(0.02, within(1e-9));
    }

    @Test
    void intervalHoldsTheTrueMedianAboutAsOftenAsItSays() {
        Random random = new Random(1);
        int series = 200;

        long held =
                Stream.generate(() -> noisy(random, 25))
                        .limit(series)
                        .map(Comparison::ofRatios)
                        .filter(c -> Math.abs(c.ratio() - 1) <= c.error() * 1.25)
                        .count();

        assertThat(held / (double) series).isBetween(0.90, 1.0);
    }

    private static List<Double> noisy(Random random, int count) {
        return Stream.generate(() -> Math.exp(0.2 * random.nextGaussian())).limit(count).toList();
    }
}
