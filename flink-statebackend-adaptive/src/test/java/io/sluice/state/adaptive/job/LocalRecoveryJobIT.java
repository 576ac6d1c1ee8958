package io.sluice.state.adaptive.job;

import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** As {@link AdaptiveStateJobIT}, but tasks recover from copies on the TaskManager's own disk. */
class LocalRecoveryJobIT {

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(AdaptiveStateJobIT.clusterConfiguration(true))
                            .build());

    @TempDir Path checkpoints;

    @Test
    void countsExactlyThroughMovesAndFailures() throws Exception {
        AdaptiveStateJobIT.countExactly(AdaptiveStateJobIT.Checkpoints.LOCAL_RECOVERY, checkpoints);
    }
}
