package io.sluice.examples.nexmark;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class LongestPauseTest {

    private long nowNanos = TimeUnit.DAYS.toNanos(3);
    private final LongestPause pause = new LongestPause(() -> nowNanos);

    private void recordAfter(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
        pause.record();
    }

    @Test
    void timeBeforeTheFirstRecordIsNoPause() {
        recordAfter(5000);

        assertThat(pause.getValue()).isZero();
    }

    @Test
    void longestOfTheLastSecondsIsGiven() {
        recordAfter(0);
        recordAfter(7);
        recordAfter(120);
        recordAfter(30);

        assertThat(pause.getValue()).isEqualTo(120);
    }

    @Test
    void pauseThatGoesOnCounts() {
        recordAfter(0);
        recordAfter(7);

        nowNanos += TimeUnit.MILLISECONDS.toNanos(400);

        assertThat(pause.getValue()).isEqualTo(400);
    }

    @Test
    void pauseIsSeenForASecondAtLeastAndThenForgotten() {
        recordAfter(0);
        recordAfter(800);
        for (int i = 0; i < 100; i++) {
            recordAfter(10);
        }
        long afterASecond = pause.getValue();
        for (int i = 0; i < 220; i++) {
            recordAfter(10);
        }

        assertThat(afterASecond).isEqualTo(800);
        assertThat(pause.getValue()).isEqualTo(10);
    }

    @Test
    void timeAfterTheEndIsNoPause() {
        recordAfter(0);
        recordAfter(20);

        pause.end();
        nowNanos += TimeUnit.SECONDS.toNanos(9);

        assertThat(pause.getValue()).isEqualTo(20);
    }
}
