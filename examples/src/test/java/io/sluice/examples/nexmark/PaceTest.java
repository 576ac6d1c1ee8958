package io.sluice.examples.nexmark;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long nowNanos = Long.MAX_VALUE - SECOND; // the clock of the JVM may overflow

    private int takeAllThatIsDue(Pace pace) {
        int events = 0;
        while (pace.take() == 0) {
            events++;
        }
        return events;
    }

    @Test
    void keepsTheRate() {
        Pace pace = new Pace(10, () -> nowNanos);

        int events = takeAllThatIsDue(pace);
        for (int step = 0; step < 50; step++) {
            nowNanos += SECOND / 5;
            events += takeAllThatIsDue(pace);
        }

        assertThat(events).isEqualTo(1 + 10 * 10);
    }

    @Test
    void saysHowLongToWait() {
        Pace pace = new Pace(4, () -> nowNanos);
        assertThat(pace.take()).isZero();
        nowNanos += SECOND / 10;

        assertThat(pace.take()).isEqualTo(SECOND / 4 - SECOND / 10);
    }

    @Test
    void waitsLongEnoughForSeveralEventsAtAHighRate() {
        Pace pace = new Pace(1_000_000, () -> nowNanos);
        takeAllThatIsDue(pace);

        assertThat(pace.take()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1));
    }

    @Test
    void catchesUpOnOneSecondAtMost() {
        Pace pace = new Pace(10, () -> nowNanos);
        takeAllThatIsDue(pace);

        nowNanos += 60 * SECOND;

        assertThat(takeAllThatIsDue(pace)).isEqualTo(11);
    }

    @Test
    void zeroIsUnlimited() {
        Pace pace = new Pace(0, () -> nowNanos);

        for (int event = 0; event < 1_000; event++) {
            assertThat(pace.take()).isZero();
        }
    }
}
