package io.sluice.benchmarks.comparison;

import io.sluice.benchmarks.comparison.Pairs.Pair;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PairsTest {

    /**
     * Each pair saw the machine at another speed: half the time each, but 2 against 2 on its own.
     */
    private static final Pairs PAIRS =
            new Pairs(
                    List.of(
                            new Pair(1, 2),
                            new Pair(2, 4),
                            new Pair(4, 8),
                            new Pair(5, 1),
                            new Pair(1, 2)));

    @Test
    void ratioIsTheMedianOfTheRatiosOfThePairs() {
        assertThat(PAIRS.ratio().ratio()).isEqualTo(0.5);
    }

    @Test
    void sidesKeepTheirOwnSpread() {
        assertThat(PAIRS.ours()).isEqualTo(new Spread(1, 2, 5));
        assertThat(PAIRS.baseline()).isEqualTo(new Spread(1, 2, 8));
    }

    @Test
    void noPairIsRefused() {
        assertThatThrownBy(() -> new Pairs(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is nothing to compare: no pair.");
    }

    @Test
    void valueThatIsNotAboveZeroIsRefused() {
        assertThatThrownBy(() -> new Pair(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ours=1.0, baseline=0.0: both must be above zero");
        assertThatThrownBy(() -> new Pair(Double.NaN, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ours=NaN, baseline=1.0: both must be above zero");
    }
}
