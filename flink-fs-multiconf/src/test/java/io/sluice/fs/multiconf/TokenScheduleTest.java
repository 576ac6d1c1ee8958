package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.SecurityOptions;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class TokenScheduleTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final TokenSchedule schedule = new TokenSchedule(0.75, Duration.ofSeconds(60));

    @Test
    void newTokensAreDueAfterAPartOfTheTime() {
        assertThat(schedule.due(NOW, NOW.plusSeconds(100))).isEqualTo(NOW.plusSeconds(75));
    }

    @Test
    void pausesGrowUpToTheLongest() {
        assertThat(schedule.afterMiss(0)).isEqualTo(Duration.ofSeconds(5));
        assertThat(schedule.afterMiss(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(schedule.afterMiss(3)).isEqualTo(Duration.ofSeconds(40));
        assertThat(schedule.afterMiss(4)).isEqualTo(Duration.ofSeconds(60));
        assertThat(schedule.afterMiss(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void flinkComesBackWhenItIsToThoughItWaitsForAPartOnly() {
        Instant reported = schedule.validUntilToReport(NOW, NOW.plusSeconds(75));

        assertThat(reported).isEqualTo(NOW.plusSeconds(100));
    }

    @Test
    void flinkDoesNotComeBackAtOnce() {
        TokenSchedule whole = new TokenSchedule(1, Duration.ofSeconds(60));
        TokenSchedule none = new TokenSchedule(0, Duration.ofSeconds(60));

        assertThat(whole.validUntilToReport(NOW, Instant.EPOCH)).isEqualTo(NOW.plusSeconds(1));
        assertThat(none.validUntilToReport(NOW, NOW.plusSeconds(9))).isEqualTo(NOW.plusSeconds(9));
    }

    @Test
    void flinksOptionsAreFollowed() {
        Configuration configuration = new Configuration();
        TokenSchedule byDefault = TokenSchedule.of(configuration);
        configuration.set(SecurityOptions.DELEGATION_TOKENS_RENEWAL_TIME_RATIO, 0.5);
        configuration.set(
                SecurityOptions.DELEGATION_TOKENS_RENEWAL_RETRY_BACKOFF, Duration.ofSeconds(2));

        assertThat(byDefault).isEqualTo(new TokenSchedule(0.75, Duration.ofMinutes(10)));
        assertThat(TokenSchedule.of(configuration))
                .isEqualTo(new TokenSchedule(0.5, Duration.ofSeconds(2)));
    }
}
