package io.sluice.examples.nexmark;

import org.apache.flink.configuration.ConfigOption;

import java.time.Duration;
import java.util.List;

import static org.apache.flink.configuration.ConfigOptions.key;

/**
 * Options of the auction stream: of the table connector {@code nexmark} as written here, of {@link
 * HighestBidJob} as {@code --<key> <value>}. Read once into {@link NexmarkSettings}.
 */
public final class NexmarkOptions {

    public static final ConfigOption<Long> EVENTS =
            key("events")
                    .longType()
                    .noDefaultValue()
                    .withDescription(
                            "Ends the stream after this many events. Unset means that it never ends.");

    public static final ConfigOption<Long> EVENTS_PER_SECOND =
            key("events-per-second")
                    .longType()
                    .defaultValue(0L)
                    .withDescription(
                            "Limits the events per second of all readers together."
                                    + " 0 means as fast as possible.");

    public static final ConfigOption<Long> SEED =
            key("seed")
                    .longType()
                    .defaultValue(42L)
                    .withDescription(
                            "Chooses the stream: the same seed and settings give the same events."
                                    + " Change it for other data of the same shape.");

    public static final ConfigOption<String> BASE_TIME =
            key("base-time")
                    .stringType()
                    .defaultValue("2026-01-01T00:00:00Z")
                    .withDescription(
                            "Event time of the first event, as ISO-8601 in UTC, in whole"
                                    + " milliseconds.");

    public static final ConfigOption<Duration> EVENT_INTERVAL =
            key("event-interval")
                    .durationType()
                    .defaultValue(Duration.ofMillis(1))
                    .withDescription(
                            "Event time between two events, in whole milliseconds."
                                    + " Raise it to have fewer events per window.");

    public static final ConfigOption<Integer> IN_FLIGHT_AUCTIONS =
            key("in-flight-auctions")
                    .intType()
                    .defaultValue(100)
                    .withDescription(
                            "Number of the latest auctions that get bids; an auction expires when"
                                    + " it is no longer one of them. Raise it for more state.");

    public static final ConfigOption<Integer> HOT_AUCTION_RATIO =
            key("hot-auction-ratio")
                    .intType()
                    .defaultValue(2)
                    .withDescription(
                            "One in this many bids goes to any open auction, the others to the one"
                                    + " hot auction. 1 means no skew.");

    public static final ConfigOption<Integer> HOT_BIDDER_RATIO =
            key("hot-bidder-ratio")
                    .intType()
                    .defaultValue(4)
                    .withDescription(
                            "One in this many bids comes from any active person, the others from"
                                    + " the one hot bidder. 1 means no skew.");

    public static final ConfigOption<Integer> HOT_SELLER_RATIO =
            key("hot-seller-ratio")
                    .intType()
                    .defaultValue(4)
                    .withDescription(
                            "One in this many auctions comes from any active person, the others"
                                    + " from the one hot seller. 1 means no skew.");

    public static final ConfigOption<Integer> EXTRA_LENGTH =
            key("extra-length")
                    .intType()
                    .defaultValue(32)
                    .withDescription(
                            "Characters of filler in the field 'extra' of every event."
                                    + " Raise it for larger events.");

    /** Every option, in the order in which to show them. */
    public static final List<ConfigOption<?>> ALL =
            List.of(
                    EVENTS,
                    EVENTS_PER_SECOND,
                    SEED,
                    BASE_TIME,
                    EVENT_INTERVAL,
                    IN_FLIGHT_AUCTIONS,
                    HOT_AUCTION_RATIO,
                    HOT_BIDDER_RATIO,
                    HOT_SELLER_RATIO,
                    EXTRA_LENGTH);

    private NexmarkOptions() {}
}
