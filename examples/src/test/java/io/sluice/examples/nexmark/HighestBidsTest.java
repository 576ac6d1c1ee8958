package io.sluice.examples.nexmark;

import io.sluice.examples.nexmark.HighestBids.Comparison;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HighestBidsTest {

    private static final HighestBids EXPECTED =
            HighestBids.of(NexmarkSettings.defaults().withEvents(1_000));

    @TempDir private Path directory;

    private static void write(Path file, List<HighestBid> results) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, results.stream().map(HighestBid::toCsv).toList());
    }

    @Test
    void everyAuctionHasAResultAndEveryBidIsCounted() {
        assertThat(EXPECTED.size()).isEqualTo(60);
        assertThat(EXPECTED.stream().map(HighestBid::auction).toList())
                .startsWith(1_000L)
                .endsWith(1_059L)
                .isSorted();
        assertThat(EXPECTED.stream().mapToLong(HighestBid::bids).sum()).isEqualTo(46 * 20);
    }

    @Test
    void auctionWithoutABidIsAllZero() {
        HighestBids results = HighestBids.of(NexmarkSettings.defaults().withEvents(4));

        assertThat(results.stream())
                .containsExactly(
                        new HighestBid(1_000, 0, 0, 0),
                        new HighestBid(1_001, 0, 0, 0),
                        new HighestBid(1_002, 0, 0, 0));
    }

    @Test
    void unknownAuctionHasNoResult() {
        assertThat(EXPECTED.get(999)).isEmpty();
        assertThat(EXPECTED.get(1_060)).isEmpty();
        assertThat(EXPECTED.get(1_059)).isPresent();
    }

    @Test
    void endlessStreamHasNoResult() {
        assertThatThrownBy(() -> HighestBids.of(NexmarkSettings.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot compute the highest bids of endless events: they do not fit into"
                                + " memory. Set 'events' to at most 30000000000.");
    }

    @Test
    void sameResultsInAnyOrderAndFileAreExact() throws Exception {
        List<HighestBid> results = new ArrayList<>(EXPECTED.stream().toList());
        Collections.shuffle(results, new Random(1));
        write(directory.resolve("part-0"), results.subList(0, 20));
        write(directory.resolve("bucket/part-1"), results.subList(20, 60));

        Comparison comparison = EXPECTED.compareWith(directory);

        assertThat(comparison.exact()).isTrue();
        assertThat(comparison)
                .hasToString(
                        "60 of 60 results: 0 missing, 0 unexpected, 0 duplicated, 0 different");
    }

    @Test
    void unfinishedFilesDoNotCount() throws Exception {
        List<HighestBid> results = EXPECTED.stream().toList();
        write(directory.resolve("part-0"), results.subList(0, 58));
        write(directory.resolve(".part-1.inprogress.1"), results.subList(58, 60));

        Comparison comparison = EXPECTED.compareWith(directory);

        assertThat(comparison.exact()).isFalse();
        assertThat(comparison.noneWrong()).isTrue();
        assertThat(comparison)
                .hasToString(
                        "58 of 60 results: 2 missing, 0 unexpected, 0 duplicated, 0 different"
                                + " (missing auction 1058; missing auction 1059)");
    }

    @Test
    void everyKindOfDifferenceIsCounted() {
        HighestBid first = EXPECTED.get(1_000).orElseThrow();
        HighestBid second = EXPECTED.get(1_001).orElseThrow();
        Stream<HighestBid> found =
                Stream.concat(
                        EXPECTED.stream().skip(3),
                        Stream.of(
                                first,
                                first,
                                first,
                                new HighestBid(1_001, 1, 2, 3),
                                new HighestBid(7, 1, 2, 3)));

        Comparison comparison = EXPECTED.compareWith(found);

        assertThat(comparison.noneWrong()).isFalse();
        assertThat(comparison)
                .hasToString(
                        "62 of 60 results: 1 missing, 1 unexpected, 2 duplicated, 1 different"
                                + " (duplicated %1$s; duplicated %1$s; expected %2$s but found 1001,1,2,3; unexpected 7,1,2,3; missing auction 1002)"
                                        .formatted(first.toCsv(), second.toCsv()));
    }

    @Test
    void onlyTheFirstDifferencesAreShown() {
        Comparison comparison = EXPECTED.compareWith(Stream.empty());

        assertThat(comparison.missing()).isEqualTo(60);
        assertThat(comparison.examples())
                .containsExactly(
                        "missing auction 1000",
                        "missing auction 1001",
                        "missing auction 1002",
                        "missing auction 1003",
                        "missing auction 1004");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,2,3", "1,2,3,4,5", "1,2,3,x"})
    void lineThatIsNoResultIsRejectedWithItsFile(String line) throws Exception {
        Path file = directory.resolve("part-0");
        Files.writeString(file, line + "\n");

        assertThatThrownBy(() -> EXPECTED.compareWith(directory))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "%s: Cannot read the result '%s': it must be 'auction,bids,price,bidder', all numbers."
                                .formatted(file, line));
    }

    @Test
    void resultIsParsedAsItWasPrinted() {
        HighestBid result = new HighestBid(1_000, 23, 45_000, 1_007);

        assertThat(result.toCsv()).isEqualTo("1000,23,45000,1007");
        assertThat(HighestBid.parse(result.toCsv())).isEqualTo(result);
    }
}
