package io.sluice.examples.nexmark;

/**
 * What the ledger of one auction came to.
 *
 * @param result of the auction
 * @param digest the sum of {@link #digestOf} over its bids, whatever their order
 */
public record ClosedLedger(HighestBid result, long digest) {

    /** Returns the line {@code auction,bids,price,bidder,digest}, the digest in hexadecimal. */
    public String toCsv() {
        return result.toCsv() + "," + Long.toHexString(digest);
    }

    /**
     * Reads what {@link #toCsv} returns.
     *
     * @throws IllegalArgumentException if the line is anything else
     */
    public static ClosedLedger parse(String line) {
        int comma = Math.max(0, line.lastIndexOf(','));
        try {
            return new ClosedLedger(
                    HighestBid.parse(line.substring(0, comma)),
                    Long.parseUnsignedLong(line.substring(comma + 1), 16));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot read the ledger '%s': it must be 'auction,bids,price,bidder,digest', four numbers and a hexadecimal one."
                            .formatted(line),
                    e);
        }
    }

    /** Returns a number that every field of the bid has a part in. */
    static long digestOf(Bid bid) {
        long digest = mix(bid.auction(), bid.bidder());
        digest = mix(digest, bid.price());
        digest = mix(digest, bid.dateTime().toEpochMilli());
        digest = mix(digest, bid.channel());
        digest = mix(digest, bid.url());
        return mix(digest, bid.extra());
    }

    private static long mix(long digest, String text) {
        long mixed = mix(digest, text.length());
        for (int i = 0; i < text.length(); i++) {
            mixed = 31 * mixed + text.charAt(i);
        }
        return mixed;
    }

    private static long mix(long digest, long value) {
        long mixed = (digest ^ value) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 32);
    }
}
