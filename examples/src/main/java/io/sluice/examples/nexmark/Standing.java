package io.sluice.examples.nexmark;

/**
 * How an auction stands: the state that {@link HighestBidFunction} keeps for it.
 *
 * <p>Public because Flink's serializer for records asks for it.
 *
 * @param bids number of bids so far
 * @param price the highest so far, in cents
 * @param bidder who bid it first
 * @param bidMillis event time of that bid
 */
public record Standing(long bids, long price, long bidder, long bidMillis) {

    static final Standing NO_BIDS = new Standing(0, 0, 0, Long.MAX_VALUE);

    /** Adds a bid. The result is the same for any order of the bids. */
    Standing with(Bid bid) {
        long millis = bid.dateTime().toEpochMilli();
        boolean wins =
                bids == 0 || bid.price() > price || (bid.price() == price && millis < bidMillis);
        return wins
                ? new Standing(bids + 1, bid.price(), bid.bidder(), millis)
                : new Standing(bids + 1, price, bidder, bidMillis);
    }

    HighestBid resultOf(long auction) {
        return new HighestBid(auction, bids, price, bidder);
    }
}
