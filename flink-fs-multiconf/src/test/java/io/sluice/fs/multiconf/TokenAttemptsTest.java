package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

class TokenAttemptsTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final TokenSchedule SCHEDULE = new TokenSchedule(0.75, Duration.ofMinutes(10));

    private final AtomicInteger calls = new AtomicInteger();

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void tokensAreKeptUntilNewOnesAreDue() throws Exception {
        TokenAttempts attempts = attempts(() -> validFor(Duration.ofSeconds(100)));

        look(attempts, LONG);
        now = now.plusSeconds(70);
        look(attempts, LONG);

        assertThat(calls).hasValue(1);
        assertThat(attempts.valid()).isPresent();
        assertThat(Duration.between(now, attempts.due())).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void newTokensTakeThePlaceOfTheOld() throws Exception {
        TokenAttempts attempts = attempts(() -> validFor(Duration.ofSeconds(100)));

        look(attempts, LONG);
        TokenBytes first = attempts.valid().orElseThrow();
        now = now.plusSeconds(75);
        look(attempts, LONG);

        assertThat(calls).hasValue(2);
        assertThat(attempts.valid()).isPresent().get().isNotSameAs(first);
    }

    @Test
    void failedAttemptIsFollowedByAnotherAfterAPause() throws Exception {
        TokenAttempts attempts =
                attempts(
                        () -> {
                            if (calls.get() <= 2) {
                                throw new IOException("no route");
                            }
                            return validFor(LONG);
                        });

        look(attempts, LONG);
        Duration firstPause = Duration.between(now, attempts.due());
        now = attempts.due();
        look(attempts, LONG);
        Duration secondPause = Duration.between(now, attempts.due());
        boolean nothing = attempts.valid().isEmpty();
        now = attempts.due();
        look(attempts, LONG);

        assertThat(firstPause).isEqualTo(Duration.ofSeconds(5));
        assertThat(secondPause).isEqualTo(Duration.ofSeconds(10));
        assertThat(nothing).isTrue();
        assertThat(attempts.valid()).isPresent();
    }

    @Test
    void failureKeepsWhatIsStillValid() throws Exception {
        TokenAttempts attempts =
                attempts(
                        () -> {
                            if (calls.get() > 1) {
                                throw new IOException("no route");
                            }
                            return validFor(Duration.ofSeconds(100));
                        });

        look(attempts, LONG);
        now = now.plusSeconds(80);
        look(attempts, LONG);
        boolean valid = attempts.valid().isPresent();
        now = now.plusSeconds(20);

        assertThat(calls).hasValue(2);
        assertThat(valid).isTrue();
        assertThat(attempts.valid()).isEmpty();
    }

    @Test
    void hangingAttemptIsNotRepeatedAndCountsWhenItIsThrough() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        TokenAttempts attempts =
                attempts(
                        () -> {
                            answers.await();
                            return validFor(LONG);
                        });

        look(attempts, Duration.ZERO);
        now = now.plusSeconds(60);
        look(attempts, Duration.ZERO);
        boolean nothing = attempts.valid().isEmpty();
        answers.countDown();
        look(attempts, LONG);

        assertThat(nothing).isTrue();
        assertThat(calls).hasValue(1);
        assertThat(attempts.valid()).isPresent();
    }

    private static void look(TokenAttempts attempts, Duration patience)
            throws InterruptedException {
        attempts.beginIfDue();
        attempts.settle(patience);
    }

    private ObtainedTokens validFor(Duration duration) {
        return new ObtainedTokens(TokenBytes.of(new byte[0]), now.plus(duration));
    }

    private TokenAttempts attempts(Callable<ObtainedTokens> obtaining) {
        Configuration configuration = new Configuration();
        configuration.setString("fs.multiconf.aa.scheme", "hdfs");
        return new TokenAttempts(
                BindingSettings.all(configuration).get(0),
                () -> {
                    calls.incrementAndGet();
                    return obtaining.call();
                },
                () -> now,
                SCHEDULE);
    }
}
