package io.sluice.benchmarks.fs;

import io.sluice.benchmarks.comparison.Pairs.Pair;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class TurnTakingTest {

    private final AtomicLong nanos = new AtomicLong();
    private final StringBuilder order = new StringBuilder();

    @Test
    void sidesTakeTurnsAndEachIsFirstInEveryOtherPair() throws Exception {
        new TurnTaking(nanos::get).measure(() -> turn("a", 1), () -> turn("b", 1), 2);

        assertThat(order).hasToString("abbabaab");
    }

    @Test
    void eachSideHasItsOwnTime() throws Exception {
        assertThat(
                        new TurnTaking(nanos::get)
                                .measure(() -> turn("a", 1_000_000), () -> turn("b", 2_000_000), 2)
                                .pairs())
                .containsExactly(new Pair(1000, 500), new Pair(1000, 500));
    }

    private void turn(String side, long takesNanos) {
        order.append(side);
        nanos.addAndGet(takesNanos);
    }
}
