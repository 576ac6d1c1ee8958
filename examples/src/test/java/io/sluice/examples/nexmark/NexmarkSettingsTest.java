package io.sluice.examples.nexmark;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NexmarkSettingsTest {

    @Test
    void defaultsAreAnEndlessStreamAsFastAsPossible() {
        assertThat(NexmarkSettings.defaults())
                .isEqualTo(
                        new NexmarkSettings(
                                NexmarkSettings.ENDLESS,
                                0,
                                42,
                                Instant.parse("2026-01-01T00:00:00Z"),
                                Duration.ofMillis(1),
                                100,
                                2,
                                4,
                                4,
                                32));
        assertThat(NexmarkSettings.defaults().bounded()).isFalse();
    }

    @Test
    void everyOptionIsRead() {
        Map<String, String> options = new HashMap<>();
        options.put("events", "1000");
        options.put("events-per-second", "2");
        options.put("seed", "-3");
        options.put("base-time", "2015-07-15T00:00:00Z");
        options.put("event-interval", "10 ms");
        options.put("in-flight-auctions", "4");
        options.put("hot-auction-ratio", "5");
        options.put("hot-bidder-ratio", "6");
        options.put("hot-seller-ratio", "7");
        options.put("extra-length", "8");

        NexmarkSettings settings = NexmarkSettings.from(Configuration.fromMap(options));

        assertThat(settings)
                .isEqualTo(
                        new NexmarkSettings(
                                1000,
                                2,
                                -3,
                                Instant.parse("2015-07-15T00:00:00Z"),
                                Duration.ofMillis(10),
                                4,
                                5,
                                6,
                                7,
                                8));
        assertThat(options.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        NexmarkOptions.ALL.stream().map(option -> option.key()).toList());
    }

    @Test
    void changingOneOptionKeepsTheOthers() {
        NexmarkSettings settings =
                new NexmarkSettings(
                        1000,
                        2,
                        -3,
                        Instant.parse("2015-07-15T00:00:00.001Z"),
                        Duration.ofMillis(10),
                        4,
                        5,
                        6,
                        7,
                        8);

        assertThat(settings.withSeed(9).withSeed(-3)).isEqualTo(settings);
        assertThat(settings.with(NexmarkOptions.EXTRA_LENGTH, 0).extraLength()).isZero();
        assertThat(NexmarkSettings.defaults().withSeed(9).bounded()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "events|0|'events' is 0, but it must be at least 1.",
                "events-per-second|-1|'events-per-second' is -1, but it must be at least 0.",
                "base-time|noon|'base-time' is 'noon', but it must be a time in UTC such as"
                        + " '2026-01-01T00:00:00Z'.",
                "base-time|2026-01-01T00:00:00.0001Z|'base-time' is 2026-01-01T00:00:00.000100Z,"
                        + " but it must be in whole milliseconds.",
                "base-time|1969-12-31T23:59:59Z|'base-time' is 1969-12-31T23:59:59Z, but it must be"
                        + " from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z.",
                "event-interval|0 ms|'event-interval' is 0 ms, but it must be from 1 ms to 1 d.",
                "event-interval|2 d|'event-interval' is 2 d, but it must be from 1 ms to 1 d.",
                "event-interval|1500 micros|'event-interval' is PT0.0015S, but it must be in whole"
                        + " milliseconds.",
                "in-flight-auctions|2|'in-flight-auctions' is 2, but it must be from 3 to"
                        + " 100000000.",
                "hot-auction-ratio|0|'hot-auction-ratio' is 0, but it must be from 1 to"
                        + " 2147483647.",
                "hot-bidder-ratio|0|'hot-bidder-ratio' is 0, but it must be from 1 to 2147483647.",
                "hot-seller-ratio|0|'hot-seller-ratio' is 0, but it must be from 1 to 2147483647.",
                "extra-length|-1|'extra-length' is -1, but it must be from 0 to 1000000."
            })
    void badValueIsRejected(String key, String value, String message) {
        Configuration options = Configuration.fromMap(Map.of(key, value));

        assertThatThrownBy(() -> NexmarkSettings.from(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void streamThatEndsAfterTheLastTimestampIsRejected() {
        Configuration options =
                Configuration.fromMap(
                        Map.of(
                                "events", "1000000",
                                "event-interval", "1 d",
                                "base-time", "9999-12-01T00:00:00Z"));

        assertThatThrownBy(() -> NexmarkSettings.from(options))
                .hasMessage(
                        "1000000 events, one each 86400000 ms from 9999-12-01T00:00:00Z on, end"
                                + " after 9999-12-31T23:59:59.999Z. Set 'events' to at most 30, or"
                                + " lower 'event-interval'.");
    }
}
