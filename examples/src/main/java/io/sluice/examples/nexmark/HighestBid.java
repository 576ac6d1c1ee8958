package io.sluice.examples.nexmark;

import org.jspecify.annotations.Nullable;

/**
 * The result of one auction.
 *
 * @param auction an {@link Auction#id()}
 * @param bids number of bids on it; 0 if nobody bid
 * @param price the highest bid in cents; 0 if nobody bid
 * @param bidder who bid it first, in event order; 0 if nobody bid
 */
public record HighestBid(long auction, long bids, long price, long bidder) {

    /** Returns the line {@code auction,bids,price,bidder}. */
    public String toCsv() {
        return auction + "," + bids + "," + price + "," + bidder;
    }

    /**
     * Reads what {@link #toCsv} returns.
     *
     * @throws IllegalArgumentException if the line is anything else
     */
    public static HighestBid parse(String line) {
        String[] fields = line.split(",", -1);
        try {
            if (fields.length == 4) {
                return new HighestBid(
                        Long.parseLong(fields[0]),
                        Long.parseLong(fields[1]),
                        Long.parseLong(fields[2]),
                        Long.parseLong(fields[3]));
            }
        } catch (NumberFormatException e) {
            throw unreadable(line, e);
        }
        throw unreadable(line, null);
    }

    private static IllegalArgumentException unreadable(String line, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "Cannot read the result '%s': it must be 'auction,bids,price,bidder', all numbers."
                        .formatted(line),
                cause);
    }
}
