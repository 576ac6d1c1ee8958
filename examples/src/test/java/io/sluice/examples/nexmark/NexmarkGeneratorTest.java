package io.sluice.examples.nexmark;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

class NexmarkGeneratorTest {

    private static final NexmarkSettings SETTINGS = NexmarkSettings.defaults();

    private static List<NexmarkEvent> events(NexmarkSettings settings, long count) {
        NexmarkGenerator generator = new NexmarkGenerator(settings);
        return LongStream.range(0, count).mapToObj(generator::event).toList();
    }

    private static <T> List<T> only(Class<T> kind, List<NexmarkEvent> events) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void firstEventsAreTheseForEver() {
        NexmarkGenerator generator = new NexmarkGenerator(SETTINGS);

        assertThat(generator.event(0))
                .hasToString(
                        "Person[id=1000, name=Elif Bauer, emailAddress=Elif.Bauer@example.com,"
                                + " creditCard=5782 7130 7762 9401, city=Tacoma, state=WA,"
                                + " dateTime=2026-01-01T00:00:00Z,"
                                + " extra=kgznlmgqgbkjgfcqiriinnpxytxevgwo]");
        assertThat(generator.event(1))
                .hasToString(
                        "Auction[id=1000, itemName=large bicycle, description=One large bicycle,"
                                + " to be collected by the buyer, initialBid=12000000,"
                                + " reserve=14652213, dateTime=2026-01-01T00:00:00.001Z,"
                                + " expires=2026-01-01T00:00:01.650Z, seller=1000, category=11,"
                                + " extra=vlecqddvhoymnkweovxzuqtfdbsqmlsa]");
        assertThat(generator.event(4))
                .hasToString(
                        "Bid[auction=1000, bidder=1000, price=8600000, channel=channel-5066,"
                                + " url=https://auctions.example.com/gprqu/jokct/item.htm?query=1&channel_id=5066,"
                                + " dateTime=2026-01-01T00:00:00.004Z,"
                                + " extra=uvhhnxgurevawloekpjpsdrthnumkpsc]");
    }

    @Test
    void eventDependsOnlyOnItsNumber() {
        List<NexmarkEvent> inOrder = events(SETTINGS, 1_000);

        NexmarkGenerator generator = new NexmarkGenerator(SETTINGS);
        for (int number = 999; number >= 0; number--) {
            assertThat(generator.event(number)).isEqualTo(inOrder.get(number));
        }
    }

    @Test
    void anotherSeedGivesOtherEventsOfTheSameKinds() {
        List<NexmarkEvent> events = events(SETTINGS, 1_000);

        List<NexmarkEvent> others = events(SETTINGS.withSeed(43), 1_000);

        for (int number = 0; number < 1_000; number++) {
            assertThat(others.get(number))
                    .hasSameClassAs(events.get(number))
                    .isNotEqualTo(events.get(number));
        }
    }

    @Test
    void fiftyEventsAreOnePersonThreeAuctionsAndFortySixBids() {
        for (int round = 0; round < 20; round++) {
            List<NexmarkEvent> events =
                    events(SETTINGS, 1_000).subList(round * 50, round * 50 + 50);

            assertThat(only(Person.class, events)).hasSize(1);
            assertThat(only(Auction.class, events)).hasSize(3);
            assertThat(only(Bid.class, events)).hasSize(46);
        }
    }

    @Test
    void idsAreConsecutive() {
        List<NexmarkEvent> events = events(SETTINGS, 5_000);

        assertThat(only(Person.class, events))
                .extracting(Person::id)
                .containsExactlyElementsOf(LongStream.range(1_000, 1_100).boxed().toList());
        assertThat(only(Auction.class, events))
                .extracting(Auction::id)
                .containsExactlyElementsOf(LongStream.range(1_000, 1_300).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 49, 50, 51, 52, 53, 54, 99, 100, 12_345})
    void auctionsAmongTheFirstEventsAreCounted(long count) {
        assertThat(NexmarkGenerator.auctionsAmong(count))
                .isEqualTo(only(Auction.class, events(SETTINGS, count)).size());
    }

    @Test
    void eventTimeIsBaseTimePlusOneIntervalPerEvent() {
        List<NexmarkEvent> events = events(SETTINGS, 1_000);

        Instant base = Instant.parse("2026-01-01T00:00:00Z");
        for (int number = 0; number < events.size(); number++) {
            assertThat(events.get(number).dateTime()).isEqualTo(base.plusMillis(number));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 100, 101, 1_000})
    void everyBidComesAfterItsAuctionOpensAndBeforeItExpires(int inFlightAuctions) {
        List<NexmarkEvent> events =
                events(SETTINGS.with(NexmarkOptions.IN_FLIGHT_AUCTIONS, inFlightAuctions), 20_000);

        Map<Long, Auction> auctions = new HashMap<>();
        for (NexmarkEvent event : events) {
            if (event instanceof Auction auction) {
                auctions.put(auction.id(), auction);
            } else if (event instanceof Bid bid) {
                Auction auction = auctions.get(bid.auction());
                assertThat(auction).as("the auction of %s", bid).isNotNull();
                assertThat(bid.dateTime()).isBefore(Objects.requireNonNull(auction).expires());
            }
        }
    }

    /** Else "before expires" would hold for an auction that never ends. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 100, 101, 1_000})
    void noAuctionExpiresLaterThanOneRoundAfterItsLastPossibleBid(int inFlightAuctions) {
        List<NexmarkEvent> events =
                events(SETTINGS.with(NexmarkOptions.IN_FLIGHT_AUCTIONS, inFlightAuctions), 10_000);

        int roundsInFlight = (inFlightAuctions - 3) / 3 + 1;
        for (Auction auction : only(Auction.class, events)) {
            assertThat(auction.expires())
                    .isAfter(auction.dateTime())
                    .isBeforeOrEqualTo(auction.dateTime().plusMillis((roundsInFlight + 1) * 50L));
        }
    }

    @Test
    void sellersAndBiddersHaveSignedUpBefore() {
        Set<Long> people = new HashSet<>();
        for (NexmarkEvent event : events(SETTINGS, 20_000)) {
            if (event instanceof Person person) {
                people.add(person.id());
            } else if (event instanceof Auction auction) {
                assertThat(people).contains(auction.seller());
            } else if (event instanceof Bid bid) {
                assertThat(people).contains(bid.bidder());
            }
        }
    }

    @Test
    void halfOfTheBidsGoToTheHotAuction() {
        List<Bid> bids = only(Bid.class, events(SETTINGS, 100_000));

        long hot = bids.stream().filter(bid -> (bid.auction() - 1_000) % 100 == 0).count();

        // Half of them by the skew, and one in a hundred of the rest by chance.
        assertThat(hot / (double) bids.size()).isBetween(0.49, 0.52);
    }

    @Test
    void threeInFourBidsAndAuctionsComeFromTheHotPeople() {
        NexmarkGenerator generator = new NexmarkGenerator(SETTINGS);
        long bids = 0;
        long ofHotBidder = 0;
        long auctions = 0;
        long ofHotSeller = 0;

        for (long number = 100_000; number < 200_000; number++) { // rounds 2000 to 3999
            long hotSeller = 1_000 + number / 5_000 * 100;
            NexmarkEvent event = generator.event(number);
            if (event instanceof Bid bid) {
                bids++;
                ofHotBidder += bid.bidder() == hotSeller - 1 ? 1 : 0;
            } else if (event instanceof Auction auction) {
                auctions++;
                ofHotSeller += auction.seller() == hotSeller ? 1 : 0;
            }
        }

        assertThat(ofHotBidder / (double) bids).isBetween(0.74, 0.76);
        assertThat(ofHotSeller / (double) auctions).isBetween(0.72, 0.78);
    }

    @Test
    void ratioOfOneMeansNoSkew() {
        NexmarkSettings even = SETTINGS.with(NexmarkOptions.HOT_AUCTION_RATIO, 1);

        List<Bid> bids = only(Bid.class, events(even, 100_000));

        long hot = bids.stream().filter(bid -> (bid.auction() - 1_000) % 100 == 0).count();
        assertThat(hot / (double) bids.size()).isBetween(0.008, 0.012);
    }

    /** Otherwise the rule for ties would never be used. */
    @Test
    void highestPriceIsOftenBidTwice() {
        Map<Long, List<Bid>> bids =
                only(Bid.class, events(SETTINGS, 100_000)).stream()
                        .collect(Collectors.groupingBy(Bid::auction));

        long tied =
                bids.values().stream()
                        .map(NexmarkGeneratorTest::highestPrices)
                        .filter(prices -> prices.size() > 1)
                        .count();

        assertThat(tied).isGreaterThan(40);
    }

    private static List<Long> highestPrices(List<Bid> bids) {
        List<Long> highest = new ArrayList<>();
        long price = bids.stream().mapToLong(Bid::price).max().orElseThrow();
        bids.stream().filter(bid -> bid.price() == price).forEach(bid -> highest.add(bid.bidder()));
        return highest;
    }

    @Test
    void pricesAreFromOneToAMillion() {
        List<Bid> bids = only(Bid.class, events(SETTINGS, 100_000));

        assertThat(bids).extracting(Bid::price).allMatch(price -> price >= 100);
        Map<Integer, Long> perDecade =
                bids.stream()
                        .map(bid -> Long.toString(bid.price()).length())
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(perDecade.keySet()).containsExactlyInAnyOrder(3, 4, 5, 6, 7, 8);
        assertThat(perDecade.values())
                .allSatisfy(count -> assertThat(count).isBetween(14_800L, 15_900L));
    }

    @Test
    void reserveIsNotBelowTheInitialBid() {
        assertThat(only(Auction.class, events(SETTINGS, 10_000)))
                .allMatch(auction -> auction.reserve() >= auction.initialBid());
    }

    @Test
    void extraHasTheLengthAskedFor() {
        assertThat(only(Bid.class, events(SETTINGS, 200)))
                .extracting(Bid::extra)
                .allMatch(extra -> extra.matches("[a-z]{32}"))
                .doesNotHaveDuplicates();
    }
}
