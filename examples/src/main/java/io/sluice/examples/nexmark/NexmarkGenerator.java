package io.sluice.examples.nexmark;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * Computes event number {@code n} of the auction stream from the settings and {@code n} alone.
 *
 * <p>Immutable, so safe from any thread. Written after the Nexmark specification: fields,
 * proportions and skew are the published ones, the values are our own.
 */
public final class NexmarkGenerator implements Serializable {

    /*
     * Events come in rounds of 50: one person, three auctions, 46 bids, in this order. So round r
     * opens with r people and 3r auctions, and every number of a kind follows from n.
     *
     * Time. Event n happens at baseTime + n * eventInterval: event order is time order, without
     * ties.
     *
     * A bid in round r goes to one of the latest W = inFlightAuctions auctions that exist, whose
     * indices are 3r + 2 - (W - 1) to 3r + 2. Hence the last round that bids on auction a is
     * floor((a + W - 3) / 3), and the auction expires with the first event of the round after that:
     * strictly later than its last bid, at most (W - 3) / 3 + 1 rounds after it opened.
     *
     * Prices have two significant digits, like those that people name. So the highest price is
     * often bid twice, and the rule for ties matters.
     *
     * Each random choice is a function of (seed, n, which choice): see Draws.
     */

    static final int EVENTS_PER_ROUND = 50;
    static final int AUCTIONS_PER_ROUND = 3;

    static final long FIRST_PERSON_ID = 1_000;
    static final long FIRST_AUCTION_ID = 1_000;
    static final long FIRST_CATEGORY_ID = 10;

    static final int ACTIVE_PEOPLE = 1_000;

    private static final long serialVersionUID = 1L;

    private static final int FIRST_BID_OF_ROUND = 1 + AUCTIONS_PER_ROUND;
    private static final int HOT_PERSON_LASTS_ROUNDS = 100;
    private static final int CATEGORIES = 5;
    private static final int PRICE_DECADES = 6;
    private static final int OTHER_CHANNELS = 10_000;

    private static final List<String> FIRST_NAMES =
            List.of("Ada", "Bo", "Chen", "Dara", "Elif", "Femi", "Gita", "Hugo", "Ines", "Jun");
    private static final List<String> LAST_NAMES =
            List.of("Abe", "Bauer", "Cruz", "Diaz", "Eze", "Fox", "Gupta", "Haas", "Ito");
    private static final List<String> CITIES =
            List.of("Tucson", "Fresno", "Boise", "Salem", "Tacoma", "Casper");
    private static final List<String> STATES = List.of("AZ", "CA", "ID", "OR", "WA", "WY");
    private static final List<String> QUALITIES =
            List.of("antique", "blue", "broken", "carved", "large", "rare", "signed");
    private static final List<String> ITEMS =
            List.of("atlas", "bicycle", "camera", "chair", "clock", "guitar", "lamp", "vase");
    private static final List<String> CHANNELS = List.of("Google", "Facebook", "Baidu", "Apple");

    /** What is chosen at random. The position, below 32, decides the outcome: never change it. */
    private enum Choice {
        FIRST_NAME(0),
        LAST_NAME(1),
        CREDIT_CARD(2),
        HOME(3),
        QUALITY(4),
        ITEM(5),
        INITIAL_BID(6),
        RESERVE(7),
        HOT_SELLER(8),
        SELLER(9),
        CATEGORY(10),
        HOT_AUCTION(11),
        AUCTION(12),
        HOT_BIDDER(13),
        BIDDER(14),
        PRICE_DECADE(15),
        PRICE(16),
        CHANNEL(17),
        CHANNEL_ID(18),
        PATH(19),
        FILE(20),
        EXTRA(21);

        private final int position;

        Choice(int position) {
            this.position = position;
        }
    }

    private final NexmarkSettings settings;
    private final Draws draws;
    private final long baseMillis;
    private final long intervalMillis;

    public NexmarkGenerator(NexmarkSettings settings) {
        this.settings = settings;
        this.draws = new Draws(settings.seed());
        this.baseMillis = settings.baseTime().toEpochMilli();
        this.intervalMillis = settings.eventInterval().toMillis();
    }

    /** Returns event {@code number}, the first being 0. Does not check it against the settings. */
    public NexmarkEvent event(long number) {
        int place = (int) (number % EVENTS_PER_ROUND);
        if (place == 0) {
            return person(number);
        }
        return place < FIRST_BID_OF_ROUND ? auction(number) : bid(number);
    }

    /** Returns the event time of event {@code number}. */
    public Instant timeOf(long number) {
        return Instant.ofEpochMilli(
                Math.addExact(baseMillis, Math.multiplyExact(number, intervalMillis)));
    }

    /** Returns how many auctions are among the first {@code events} events. */
    static long auctionsAmong(long events) {
        long rest = events % EVENTS_PER_ROUND;
        return roundOf(events) * AUCTIONS_PER_ROUND
                + Math.min(Math.max(rest - 1, 0), AUCTIONS_PER_ROUND);
    }

    static boolean isBid(long number) {
        return number % EVENTS_PER_ROUND >= FIRST_BID_OF_ROUND;
    }

    /** Returns the auction that bid {@code number} goes to. */
    long auctionOfBid(long number) {
        long latest = roundOf(number) * AUCTIONS_PER_ROUND + AUCTIONS_PER_ROUND - 1;
        int inFlight = settings.inFlightAuctions();
        boolean hot = isHot(number, Choice.HOT_AUCTION, settings.hotAuctionRatio());
        long index =
                hot
                        ? latest - latest % inFlight
                        : latest - draw(number, Choice.AUCTION, Math.min(inFlight, latest + 1));
        return FIRST_AUCTION_ID + index;
    }

    long bidderOfBid(long number) {
        long round = roundOf(number);
        boolean hot = isHot(number, Choice.HOT_BIDDER, settings.hotBidderRatio());
        // The one before the hot seller, who would otherwise bid on the own auctions.
        return hot
                ? FIRST_PERSON_ID + Math.max(0, hotPerson(round) - 1)
                : anyPerson(number, Choice.BIDDER);
    }

    /** Returns the price of bid {@code number} in cents: each power of ten is equally likely. */
    long priceOfBid(long number) {
        return price(number, Choice.PRICE_DECADE, Choice.PRICE);
    }

    private Person person(long number) {
        String firstName = pick(number, Choice.FIRST_NAME, FIRST_NAMES);
        String lastName = pick(number, Choice.LAST_NAME, LAST_NAMES);
        int home = (int) draw(number, Choice.HOME, CITIES.size());
        return new Person(
                FIRST_PERSON_ID + roundOf(number),
                firstName + " " + lastName,
                firstName + "." + lastName + "@example.com",
                draws.digitGroups(number, Choice.CREDIT_CARD.position),
                CITIES.get(home),
                STATES.get(home),
                timeOf(number),
                extra(number));
    }

    private Auction auction(long number) {
        long index = roundOf(number) * AUCTIONS_PER_ROUND + number % EVENTS_PER_ROUND - 1;
        boolean hot = isHot(number, Choice.HOT_SELLER, settings.hotSellerRatio());
        String item =
                pick(number, Choice.QUALITY, QUALITIES) + " " + pick(number, Choice.ITEM, ITEMS);
        long initialBid = price(number, Choice.PRICE_DECADE, Choice.INITIAL_BID);
        return new Auction(
                FIRST_AUCTION_ID + index,
                item,
                "One " + item + ", to be collected by the buyer",
                initialBid,
                initialBid + draw(number, Choice.RESERVE, initialBid + 1),
                timeOf(number),
                timeOf((lastBiddingRound(index) + 1) * EVENTS_PER_ROUND),
                hot
                        ? FIRST_PERSON_ID + hotPerson(roundOf(number))
                        : anyPerson(number, Choice.SELLER),
                FIRST_CATEGORY_ID + draw(number, Choice.CATEGORY, CATEGORIES),
                extra(number));
    }

    private Bid bid(long number) {
        int channel = (int) draw(number, Choice.CHANNEL, 2L * CHANNELS.size());
        long channelId =
                channel < CHANNELS.size()
                        ? channel
                        : CHANNELS.size() + draw(number, Choice.CHANNEL_ID, OTHER_CHANNELS);
        return new Bid(
                auctionOfBid(number),
                bidderOfBid(number),
                priceOfBid(number),
                channel < CHANNELS.size() ? CHANNELS.get(channel) : "channel-" + channelId,
                "https://auctions.example.com/"
                        + draws.letters(number, Choice.PATH.position, 5)
                        + "/"
                        + draws.letters(number, Choice.FILE.position, 5)
                        + "/item.htm?query=1&channel_id="
                        + channelId,
                timeOf(number),
                extra(number));
    }

    private long lastBiddingRound(long auctionIndex) {
        return (auctionIndex + settings.inFlightAuctions() - AUCTIONS_PER_ROUND)
                / AUCTIONS_PER_ROUND;
    }

    private long anyPerson(long number, Choice choice) {
        long latest = roundOf(number);
        return FIRST_PERSON_ID + latest - draw(number, choice, Math.min(ACTIVE_PEOPLE, latest + 1));
    }

    private static long hotPerson(long round) {
        return round - round % HOT_PERSON_LASTS_ROUNDS;
    }

    private boolean isHot(long number, Choice choice, int ratio) {
        return draw(number, choice, ratio) > 0;
    }

    private long price(long number, Choice decadeChoice, Choice digitsChoice) {
        long unit = 10;
        for (long decade = draw(number, decadeChoice, PRICE_DECADES); decade > 0; decade--) {
            unit *= 10;
        }
        return unit * (10 + draw(number, digitsChoice, 90));
    }

    private String pick(long number, Choice choice, List<String> from) {
        return from.get((int) draw(number, choice, from.size()));
    }

    private String extra(long number) {
        return draws.letters(number, Choice.EXTRA.position, settings.extraLength());
    }

    private long draw(long number, Choice choice, long bound) {
        return draws.below(bound, number, choice.position);
    }

    private static long roundOf(long number) {
        return number / EVENTS_PER_ROUND;
    }
}
