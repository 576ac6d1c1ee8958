package io.sluice.testkit.cluster;

import io.sluice.testkit.cluster.Await.AwaitTimeoutException;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AwaitTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private long nowNanos = 77;
    private final AtomicInteger probes = new AtomicInteger();
    private final Await await =
            new Await(Duration.ofSeconds(3), () -> nowNanos, pause -> nowNanos += pause.toNanos());

    @Test
    void returnsTheFirstValueThatHolds() throws Exception {
        int value = await.until("3", TEN_SECONDS, probes::incrementAndGet, probe -> probe >= 3);

        assertThat(value).isEqualTo(3);
        assertThat(nowNanos - 77).isEqualTo(Duration.ofSeconds(6).toNanos());
    }

    @Test
    void deadlineNamesWhatWasAwaitedHowLongAndTheLastValue() {
        assertThatThrownBy(
                        () ->
                                await.until(
                                        "a 9",
                                        TEN_SECONDS,
                                        probes::incrementAndGet,
                                        probe -> probe == 9))
                .isInstanceOf(AwaitTimeoutException.class)
                .hasMessage("Waited 12.0 s for a 9, in vain. Last value: 5");
    }

    @Test
    void deadlineNamesTheLastFailureAndKeepsItAsCause() {
        IOException refused = new IOException("refused");

        assertThatThrownBy(
                        () ->
                                await.until(
                                        "an answer",
                                        Duration.ZERO,
                                        () -> {
                                            throw refused;
                                        }))
                .isInstanceOf(AwaitTimeoutException.class)
                .hasMessage(
                        "Waited 0.0 s for an answer, in vain. Last failure: java.io.IOException: refused")
                .hasCause(refused);
    }

    @Test
    void probeThatThrowsIsAskedAgain() throws Exception {
        await.until(
                "the second probe",
                TEN_SECONDS,
                () -> {
                    if (probes.incrementAndGet() == 1) {
                        throw new IOException("refused");
                    }
                    return true;
                });

        assertThat(probes).hasValue(2);
    }

    @Test
    void giveUpEndsItAtOnce() {
        assertThatThrownBy(
                        () ->
                                await.until(
                                        "a process",
                                        TEN_SECONDS,
                                        () -> {
                                            probes.incrementAndGet();
                                            throw new GiveUpException("it is dead");
                                        }))
                .isInstanceOf(GiveUpException.class)
                .hasMessage("it is dead");

        assertThat(probes).hasValue(1);
    }

    @Test
    void intervalMustBePositive() {
        assertThatThrownBy(() -> Await.every(Duration.ZERO))
                .hasMessage("interval=PT0S: it must be positive");
    }
}
