package io.sluice.examples.nexmark;

import io.sluice.examples.FinishedFiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The result of {@link HighestBidJob} for a bounded stream, computed in one loop without Flink.
 *
 * <p>Holds 24 bytes per auction, so about 1.5 bytes per event. Immutable after construction.
 */
public final class HighestBids {

    private final long[] bids;
    private final long[] prices;
    private final long[] bidders;

    private HighestBids(int auctions) {
        this.bids = new long[auctions];
        this.prices = new long[auctions];
        this.bidders = new long[auctions];
    }

    /**
     * Computes the results of all auctions of the stream.
     *
     * @throws IllegalArgumentException if the stream is endless or has more than 2^31 auctions
     */
    public static HighestBids of(NexmarkSettings settings) {
        long auctions = NexmarkGenerator.auctionsAmong(settings.events());
        if (auctions > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "Cannot compute the highest bids of %s events: they do not fit into memory. Set '%s' to at most 30000000000."
                            .formatted(
                                    settings.bounded() ? settings.events() : "endless",
                                    NexmarkOptions.EVENTS.key()));
        }
        HighestBids results = new HighestBids((int) auctions);
        NexmarkGenerator generator = new NexmarkGenerator(settings);
        for (long number = 0; number < settings.events(); number++) {
            if (NexmarkGenerator.isBid(number)) {
                results.add(
                        generator.auctionOfBid(number),
                        generator.priceOfBid(number),
                        generator.bidderOfBid(number));
            }
        }
        return results;
    }

    /** Adds a bid. Bids come in event order, so the first of several highest ones stays. */
    private void add(long auction, long price, long bidder) {
        int index = (int) (auction - NexmarkGenerator.FIRST_AUCTION_ID);
        bids[index]++;
        if (price > prices[index]) {
            prices[index] = price;
            bidders[index] = bidder;
        }
    }

    /** Returns how many auctions there are. */
    public int size() {
        return bids.length;
    }

    public Optional<HighestBid> get(long auction) {
        long index = auction - NexmarkGenerator.FIRST_AUCTION_ID;
        return index >= 0 && index < bids.length
                ? Optional.of(
                        new HighestBid(
                                auction,
                                bids[(int) index],
                                prices[(int) index],
                                bidders[(int) index]))
                : Optional.empty();
    }

    /** Returns all results by ascending auction. */
    public Stream<HighestBid> stream() {
        return LongStream.range(0, bids.length)
                .mapToObj(index -> get(NexmarkGenerator.FIRST_AUCTION_ID + index).orElseThrow());
    }

    /**
     * Compares these results with the files that the job has finished in {@code directory}.
     *
     * @throws IOException if a file cannot be read or holds a line that is no result
     */
    public Comparison compareWith(Path directory) throws IOException {
        try (Stream<HighestBid> found = read(directory)) {
            return compareWith(found);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Compares these results with others, which may come in any order. */
    public Comparison compareWith(Stream<HighestBid> found) {
        Differences differences = new Differences();
        found.forEach(differences::add);
        return differences.toComparison();
    }

    /**
     * Reads the results in the finished files below {@code directory}, leaving out those whose name
     * starts with a dot: they may still be discarded. Close the stream.
     */
    public static Stream<HighestBid> read(Path directory) throws IOException {
        return FinishedFiles.below(directory).stream().flatMap(HighestBids::readFile);
    }

    @SuppressWarnings("StreamResourceLeak") // flatMap closes it
    private static Stream<HighestBid> readFile(Path file) {
        try {
            return Files.lines(file).map(line -> parse(file, line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HighestBid parse(Path file, String line) {
        try {
            return HighestBid.parse(line);
        } catch (IllegalArgumentException e) {
            throw new UncheckedIOException(
                    new IOException("%s: %s".formatted(file, e.getMessage()), e));
        }
    }

    /**
     * What a comparison found.
     *
     * @param expected number of auctions
     * @param found number of results that were read
     * @param missing number of auctions without a result
     * @param unexpected number of results of auctions that do not exist
     * @param duplicated number of results beyond the first of their auction
     * @param different number of first results with wrong values
     * @param examples the first few of all these, each as a sentence
     */
    public record Comparison(
            long expected,
            long found,
            long missing,
            long unexpected,
            long duplicated,
            long different,
            List<String> examples) {

        public Comparison {
            examples = List.copyOf(examples);
        }

        /** Returns whether every auction has its result exactly once and there is nothing else. */
        public boolean exact() {
            return missing == 0 && noneWrong();
        }

        /** Returns whether all results found are right; some may not have been written yet. */
        public boolean noneWrong() {
            return unexpected == 0 && duplicated == 0 && different == 0;
        }

        /** Returns one line with the counts and the examples. */
        @Override
        public String toString() {
            return "%d of %d results: %d missing, %d unexpected, %d duplicated, %d different%s"
                    .formatted(
                            found,
                            expected,
                            missing,
                            unexpected,
                            duplicated,
                            different,
                            examples.isEmpty() ? "" : " (" + String.join("; ", examples) + ")");
        }
    }

    /** Counts the differences while results come in. */
    private final class Differences {

        private static final int MOST_EXAMPLES = 5;

        private final BitSet seen = new BitSet(size());
        private final List<String> examples = new ArrayList<>();
        private long found;
        private long unexpected;
        private long duplicated;
        private long different;

        void add(HighestBid result) {
            found++;
            Optional<HighestBid> expected = get(result.auction());
            if (expected.isEmpty()) {
                unexpected++;
                addExample("unexpected %s".formatted(result.toCsv()));
                return;
            }
            int index = (int) (result.auction() - NexmarkGenerator.FIRST_AUCTION_ID);
            if (seen.get(index)) {
                duplicated++;
                addExample("duplicated %s".formatted(result.toCsv()));
            } else if (!result.equals(expected.get())) {
                different++;
                addExample(
                        "expected %s but found %s"
                                .formatted(expected.get().toCsv(), result.toCsv()));
            }
            seen.set(index);
        }

        Comparison toComparison() {
            for (int index = seen.nextClearBit(0);
                    index < size() && examples.size() < MOST_EXAMPLES;
                    index = seen.nextClearBit(index + 1)) {
                addExample(
                        "missing auction %d".formatted(NexmarkGenerator.FIRST_AUCTION_ID + index));
            }
            return new Comparison(
                    size(),
                    found,
                    size() - seen.cardinality(),
                    unexpected,
                    duplicated,
                    different,
                    examples);
        }

        private void addExample(String example) {
            if (examples.size() < MOST_EXAMPLES) {
                examples.add(example);
            }
        }
    }
}
