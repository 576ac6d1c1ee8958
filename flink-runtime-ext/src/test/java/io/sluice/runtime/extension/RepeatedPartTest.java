package io.sluice.runtime.extension;

import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class RepeatedPartTest {

    @Test
    void partThatFailsIsTriedAgainAndKeepsNoOtherFromRunning() {
        AtomicInteger runs = new AtomicInteger();
        RepeatedPart part =
                new RepeatedPart(
                        NOPLogger.NOP_LOGGER,
                        "see to it",
                        Duration.ofSeconds(1),
                        () -> {
                            runs.incrementAndGet();
                            throw new IllegalStateException("no");
                        });

        assertThatCode(
                        () -> {
                            part.run();
                            part.run();
                        })
                .doesNotThrowAnyException();
        assertThat(runs).hasValue(2);
    }
}
