package io.sluice.runtime.backpressure.history;

import org.apache.flink.configuration.MemorySize;

import org.junit.jupiter.api.Test;

import java.time.Duration;

import static io.sluice.runtime.backpressure.history.TestingLoads.JOB;
import static io.sluice.runtime.backpressure.history.TestingLoads.episode;
import static io.sluice.runtime.backpressure.history.TestingLoads.row;
import static org.assertj.core.api.Assertions.assertThat;

class BackpressureHistoryTest {

    private static final String OTHER = "0000000000000000000000000000000b";

    private final BackpressureHistory history =
            new BackpressureHistory(
                    new HistorySettings(
                            Duration.ofSeconds(5),
                            Duration.ofHours(1000),
                            MemorySize.ofMebiBytes(1),
                            null));

    @Test
    void oldestGoesFirstWhenThereIsTooMuch() {
        int periods = 10_000;
        for (int i = 1; i <= periods; i++) {
            history.add(JOB, row(5_000L * i, 0));
            history.add(OTHER, row(5_000L * i, 0));
        }

        history.forget(5_000L * periods);

        assertThat(history.hasPeriod(JOB, 5_000)).isFalse();
        assertThat(history.hasPeriod(OTHER, 5_000)).isFalse();
        assertThat(history.hasPeriod(JOB, 5_000L * periods)).isTrue();
        assertThat(history.hasPeriod(OTHER, 5_000L * periods)).isTrue();
        // More than half of what fits, so that it is not all thrown away.
        assertThat(history.hasPeriod(JOB, 5_000L * (periods - 2_000))).isTrue();
    }

    @Test
    void whatGoesOnIsNotForgottenHoweverMuchItIs() {
        for (int i = 0; i < 5_000; i++) {
            history.add(episode("e" + i, 1, 1, true));
        }

        history.forget(Duration.ofHours(2000).toMillis());

        assertThat(history.ongoing(JOB)).hasSize(5_000);
    }

    @Test
    void tooOldIsForgotten() {
        history.add(JOB, row(5_000, 0));

        history.forget(Duration.ofHours(1001).toMillis());

        assertThat(history.hasPeriod(JOB, 5_000)).isFalse();
        assertThat(history.between(JOB, 0, 10_000, 5_000).vertices()).isEmpty();
    }
}
