package io.sluice.examples.nexmark;

import io.sluice.examples.FinishedFiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The result of {@link AuctionLedgerJob} for a bounded stream, computed in one loop without Flink.
 *
 * <p>Holds 32 bytes per auction, so about 2 bytes per event. Immutable after construction.
 */
public final class AuctionLedgers {

    private final HighestBids results;
    private final long[] digests;

    private AuctionLedgers(HighestBids results) {
        this.results = results;
        this.digests = new long[results.size()];
    }

    /**
     * Computes the ledgers of all auctions of the stream.
     *
     * @throws IllegalArgumentException if the stream is endless or has more than 2^31 auctions
     */
    public static AuctionLedgers of(NexmarkSettings settings) {
        AuctionLedgers ledgers = new AuctionLedgers(HighestBids.of(settings));
        NexmarkGenerator generator = new NexmarkGenerator(settings);
        for (long number = 0; number < settings.events(); number++) {
            if (generator.event(number) instanceof Bid bid) {
                ledgers.digests[ledgers.indexOf(bid.auction())] += ClosedLedger.digestOf(bid);
            }
        }
        return ledgers;
    }

    private int indexOf(long auction) {
        return (int) (auction - NexmarkGenerator.FIRST_AUCTION_ID);
    }

    /** Returns how many auctions there are. */
    public int size() {
        return digests.length;
    }

    /** Returns all ledgers by ascending auction. */
    public Stream<ClosedLedger> stream() {
        return results.stream()
                .map(result -> new ClosedLedger(result, digests[indexOf(result.auction())]));
    }

    /**
     * Compares these ledgers with the files that the job has finished in {@code directory}.
     *
     * @throws IOException if a file cannot be read or holds a line that is no ledger
     */
    public Comparison compareWith(Path directory) throws IOException {
        try (Stream<ClosedLedger> found =
                FinishedFiles.below(directory).stream().flatMap(AuctionLedgers::readFile)) {
            return compareWith(found);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Compares these ledgers with others, which may come in any order. */
    public Comparison compareWith(Stream<ClosedLedger> found) {
        AtomicLong otherDigests = new AtomicLong();
        HighestBids.Comparison comparison =
                results.compareWith(
                        found.map(
                                ledger -> {
                                    if (!hasDigestOf(ledger)) {
                                        otherDigests.incrementAndGet();
                                    }
                                    return ledger.result();
                                }));
        return new Comparison(comparison, otherDigests.get());
    }

    private boolean hasDigestOf(ClosedLedger ledger) {
        int index = indexOf(ledger.result().auction());
        return index >= 0 && index < digests.length && digests[index] == ledger.digest();
    }

    @SuppressWarnings("StreamResourceLeak") // flatMap closes it
    private static Stream<ClosedLedger> readFile(Path file) {
        try {
            return Files.lines(file).map(line -> parse(file, line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClosedLedger parse(Path file, String line) {
        try {
            return ClosedLedger.parse(line);
        } catch (IllegalArgumentException e) {
            throw new UncheckedIOException(
                    new IOException("%s: %s".formatted(file, e.getMessage()), e));
        }
    }

    /**
     * What a comparison found.
     *
     * @param otherDigests number of ledgers whose bids are not the right ones
     */
    public record Comparison(HighestBids.Comparison results, long otherDigests) {

        /** Returns whether every ledger is there exactly once, with exactly its bids. */
        public boolean exact() {
            return results.exact() && otherDigests == 0;
        }

        /** Returns one line with the counts and some examples. */
        @Override
        public String toString() {
            return "%s; %d with other bids".formatted(results, otherDigests);
        }
    }
}
