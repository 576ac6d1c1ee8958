package io.sluice.examples.nexmark;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.util.TimeUtils;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What the stream holds and how fast it runs: the values of {@link NexmarkOptions}, checked.
 *
 * @param events number of events, or {@link #ENDLESS}
 * @param eventsPerSecond of all readers together; 0 is unlimited
 * @param baseTime event time of event number 0, in whole milliseconds
 * @param eventInterval event time between two events, in whole milliseconds
 * @param inFlightAuctions number of the latest auctions that get bids
 * @param hotAuctionRatio one in this many bids does not go to the hot auction
 * @param hotBidderRatio one in this many bids does not come from the hot bidder
 * @param hotSellerRatio one in this many auctions does not come from the hot seller
 * @param extraLength characters of filler per event
 */
public record NexmarkSettings(
        long events,
        long eventsPerSecond,
        long seed,
        Instant baseTime,
        Duration eventInterval,
        int inFlightAuctions,
        int hotAuctionRatio,
        int hotBidderRatio,
        int hotSellerRatio,
        int extraLength)
        implements Serializable {

    /** The number of events of a stream without end. */
    public static final long ENDLESS = Long.MAX_VALUE;

    static final int MIN_IN_FLIGHT_AUCTIONS = NexmarkGenerator.AUCTIONS_PER_ROUND;
    static final int MAX_IN_FLIGHT_AUCTIONS = 100_000_000;

    /** Less would give two events the same time, and so leave open who bid first. */
    private static final Duration MIN_EVENT_INTERVAL = Duration.ofMillis(1);

    private static final Duration MAX_EVENT_INTERVAL = Duration.ofDays(1);

    /** The last time that a SQL TIMESTAMP shows with four digits for the year. */
    private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59.999Z");

    public NexmarkSettings {
        requireInRange(NexmarkOptions.EVENTS, events, 1, ENDLESS);
        requireInRange(NexmarkOptions.EVENTS_PER_SECOND, eventsPerSecond, 0, Long.MAX_VALUE);
        requireInRange(
                NexmarkOptions.IN_FLIGHT_AUCTIONS,
                inFlightAuctions,
                MIN_IN_FLIGHT_AUCTIONS,
                MAX_IN_FLIGHT_AUCTIONS);
        requireInRange(NexmarkOptions.HOT_AUCTION_RATIO, hotAuctionRatio, 1, Integer.MAX_VALUE);
        requireInRange(NexmarkOptions.HOT_BIDDER_RATIO, hotBidderRatio, 1, Integer.MAX_VALUE);
        requireInRange(NexmarkOptions.HOT_SELLER_RATIO, hotSellerRatio, 1, Integer.MAX_VALUE);
        requireInRange(NexmarkOptions.EXTRA_LENGTH, extraLength, 0, 1_000_000);
        requireWholeMillis(
                NexmarkOptions.BASE_TIME, baseTime, baseTime.truncatedTo(ChronoUnit.MILLIS));
        requireWholeMillis(
                NexmarkOptions.EVENT_INTERVAL,
                eventInterval,
                eventInterval.truncatedTo(ChronoUnit.MILLIS));
        if (eventInterval.compareTo(MIN_EVENT_INTERVAL) < 0
                || eventInterval.compareTo(MAX_EVENT_INTERVAL) > 0) {
            throw new IllegalArgumentException(
                    "'%s' is %s, but it must be from %s to %s."
                            .formatted(
                                    NexmarkOptions.EVENT_INTERVAL.key(),
                                    TimeUtils.formatWithHighestUnit(eventInterval),
                                    TimeUtils.formatWithHighestUnit(MIN_EVENT_INTERVAL),
                                    TimeUtils.formatWithHighestUnit(MAX_EVENT_INTERVAL)));
        }
        if (baseTime.isBefore(Instant.EPOCH) || baseTime.isAfter(LAST_TIME)) {
            throw new IllegalArgumentException(
                    "'%s' is %s, but it must be from %s to %s."
                            .formatted(
                                    NexmarkOptions.BASE_TIME.key(),
                                    baseTime,
                                    Instant.EPOCH,
                                    LAST_TIME));
        }
        long most = (LAST_TIME.toEpochMilli() - baseTime.toEpochMilli()) / eventInterval.toMillis();
        if (events != ENDLESS && events > most) {
            throw new IllegalArgumentException(
                    "%d events, one each %d ms from %s on, end after %s. Set '%s' to at most %d, or lower '%s'."
                            .formatted(
                                    events,
                                    eventInterval.toMillis(),
                                    baseTime,
                                    LAST_TIME,
                                    NexmarkOptions.EVENTS.key(),
                                    most,
                                    NexmarkOptions.EVENT_INTERVAL.key()));
        }
    }

    /** Returns the defaults: an endless stream as fast as possible. */
    public static NexmarkSettings defaults() {
        return from(new Configuration());
    }

    /**
     * Reads {@link NexmarkOptions}.
     *
     * @throws IllegalArgumentException if a value cannot be parsed or does not fit
     */
    public static NexmarkSettings from(ReadableConfig options) {
        return new NexmarkSettings(
                options.getOptional(NexmarkOptions.EVENTS).orElse(ENDLESS),
                options.get(NexmarkOptions.EVENTS_PER_SECOND),
                options.get(NexmarkOptions.SEED),
                parseInstant(options.get(NexmarkOptions.BASE_TIME)),
                options.get(NexmarkOptions.EVENT_INTERVAL),
                options.get(NexmarkOptions.IN_FLIGHT_AUCTIONS),
                options.get(NexmarkOptions.HOT_AUCTION_RATIO),
                options.get(NexmarkOptions.HOT_BIDDER_RATIO),
                options.get(NexmarkOptions.HOT_SELLER_RATIO),
                options.get(NexmarkOptions.EXTRA_LENGTH));
    }

    public boolean bounded() {
        return events != ENDLESS;
    }

    public NexmarkSettings withEvents(long newEvents) {
        return with(NexmarkOptions.EVENTS, newEvents);
    }

    public NexmarkSettings withEventsPerSecond(long newEventsPerSecond) {
        return with(NexmarkOptions.EVENTS_PER_SECOND, newEventsPerSecond);
    }

    public NexmarkSettings withSeed(long newSeed) {
        return with(NexmarkOptions.SEED, newSeed);
    }

    /**
     * Returns these settings with all auctions open until the stream ends, each with about as many
     * bids, and events of {@code newExtraLength} characters of filler: much state.
     */
    public NexmarkSettings withAuctionsLeftOpen(int newExtraLength) {
        return with(NexmarkOptions.IN_FLIGHT_AUCTIONS, MAX_IN_FLIGHT_AUCTIONS)
                .with(NexmarkOptions.HOT_AUCTION_RATIO, 1)
                .with(NexmarkOptions.EXTRA_LENGTH, newExtraLength);
    }

    /** Returns these settings with another value for one of {@link NexmarkOptions}. */
    public <T> NexmarkSettings with(ConfigOption<T> option, T value) {
        return from(toConfiguration().set(option, value));
    }

    /**
     * Returns the command line of the jobs that gives these settings: {@code --key value} pairs.
     */
    public List<String> toArguments() {
        List<String> arguments = new ArrayList<>();
        new TreeMap<>(toConfiguration().toMap())
                .forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return List.copyOf(arguments);
    }

    private Configuration toConfiguration() {
        Configuration options = new Configuration();
        if (bounded()) {
            options.set(NexmarkOptions.EVENTS, events);
        }
        return options.set(NexmarkOptions.EVENTS_PER_SECOND, eventsPerSecond)
                .set(NexmarkOptions.SEED, seed)
                .set(NexmarkOptions.BASE_TIME, baseTime.toString())
                .set(NexmarkOptions.EVENT_INTERVAL, eventInterval)
                .set(NexmarkOptions.IN_FLIGHT_AUCTIONS, inFlightAuctions)
                .set(NexmarkOptions.HOT_AUCTION_RATIO, hotAuctionRatio)
                .set(NexmarkOptions.HOT_BIDDER_RATIO, hotBidderRatio)
                .set(NexmarkOptions.HOT_SELLER_RATIO, hotSellerRatio)
                .set(NexmarkOptions.EXTRA_LENGTH, extraLength);
    }

    private static Instant parseInstant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'%s' is '%s', but it must be a time in UTC such as '%s'."
                            .formatted(
                                    NexmarkOptions.BASE_TIME.key(),
                                    text,
                                    NexmarkOptions.BASE_TIME.defaultValue()),
                    e);
        }
    }

    private static void requireInRange(ConfigOption<?> option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    most == Long.MAX_VALUE
                            ? "'%s' is %d, but it must be at least %d."
                                    .formatted(option.key(), value, least)
                            : "'%s' is %d, but it must be from %d to %d."
                                    .formatted(option.key(), value, least, most));
        }
    }

    private static void requireWholeMillis(ConfigOption<?> option, Object value, Object truncated) {
        if (!value.equals(truncated)) {
            throw new IllegalArgumentException(
                    "'%s' is %s, but it must be in whole milliseconds."
                            .formatted(option.key(), value));
        }
    }
}
