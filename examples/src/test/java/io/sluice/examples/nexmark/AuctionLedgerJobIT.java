package io.sluice.examples.nexmark;

import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class AuctionLedgerJobIT {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private Path directory;

    @Test
    void auctionsThatCloseMeanwhileGiveTheExactLedgers() throws Exception {
        assertExact(NexmarkSettings.defaults().withEvents(40_000));
    }

    @Test
    void auctionsThatStayOpenGiveTheExactLedgers() throws Exception {
        assertExact(NexmarkSettings.defaults().withEvents(40_000).withAuctionsLeftOpen(20));
    }

    private void assertExact(NexmarkSettings settings) throws Exception {
        Path output = directory.resolve("ledgers");

        List<String> arguments = new ArrayList<>(settings.toArguments());
        arguments.addAll(List.of("--parallelism", "2", "--output", output.toString()));

        AuctionLedgerJob.main(arguments.toArray(String[]::new));

        AuctionLedgers.Comparison comparison = AuctionLedgers.of(settings).compareWith(output);
        assertThat(comparison.exact()).as(comparison.toString()).isTrue();
    }
}
