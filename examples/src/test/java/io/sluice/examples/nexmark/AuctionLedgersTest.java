package io.sluice.examples.nexmark;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AuctionLedgersTest {

    private static final NexmarkSettings SETTINGS =
            NexmarkSettings.defaults().withEvents(5_000).withAuctionsLeftOpen(10);

    private final AuctionLedgers ledgers = AuctionLedgers.of(SETTINGS);

    @Test
    void resultsAreThoseOfTheHighestBids() {
        assertThat(ledgers.stream().map(ClosedLedger::result))
                .containsExactlyElementsOf(HighestBids.of(SETTINGS).stream().toList());
        assertThat(ledgers.size()).isEqualTo(300);
    }

    @Test
    void sameLedgersInAnyOrderAreExact() {
        List<ClosedLedger> reversed = new ArrayList<>(ledgers.stream().toList());
        Collections.reverse(reversed);

        AuctionLedgers.Comparison comparison = ledgers.compareWith(reversed.stream());

        assertThat(comparison.exact()).isTrue();
        assertThat(comparison)
                .hasToString(
                        "300 of 300 results: 0 missing, 0 unexpected, 0 duplicated, 0 different; 0 with other bids");
    }

    @Test
    void otherBidsAreFoundByTheirDigest() {
        AuctionLedgers.Comparison comparison =
                ledgers.compareWith(
                        ledgers.stream()
                                .map(
                                        ledger ->
                                                ledger.result().auction() == 1007
                                                        ? new ClosedLedger(
                                                                ledger.result(),
                                                                ledger.digest() + 1)
                                                        : ledger));

        assertThat(comparison.exact()).isFalse();
        assertThat(comparison.otherDigests()).isEqualTo(1);
    }

    @Test
    void everyFieldOfABidChangesTheDigest() {
        Bid bid = (Bid) new NexmarkGenerator(SETTINGS).event(7);

        assertThat(
                        List.of(
                                bid,
                                with(bid, bid.auction() + 1, bid.price(), bid.url(), bid.extra()),
                                with(bid, bid.auction(), bid.price() + 1, bid.url(), bid.extra()),
                                with(bid, bid.auction(), bid.price(), bid.url() + "x", bid.extra()),
                                with(bid, bid.auction(), bid.price(), bid.url(), "")))
                .extracting(ClosedLedger::digestOf)
                .doesNotHaveDuplicates();
    }

    private static Bid with(Bid bid, long auction, long price, String url, String extra) {
        return new Bid(auction, bid.bidder(), price, bid.channel(), url, bid.dateTime(), extra);
    }

    @Test
    void finishedFilesAreRead(@TempDir Path directory) throws IOException {
        Files.write(
                directory.resolve("part-0"), ledgers.stream().map(ClosedLedger::toCsv).toList());
        Files.writeString(directory.resolve(".part-1.inprogress"), "half a li");

        assertThat(ledgers.compareWith(directory).exact()).isTrue();
    }

    @Test
    void lineThatIsNoLedgerIsRefused() {
        assertThatThrownBy(() -> ClosedLedger.parse("1000,1,2,3"))
                .hasMessage(
                        "Cannot read the ledger '1000,1,2,3': it must be 'auction,bids,price,bidder,digest', four numbers and a hexadecimal one.");
    }
}
