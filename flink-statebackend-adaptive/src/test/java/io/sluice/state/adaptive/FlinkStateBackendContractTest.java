package io.sluice.state.adaptive;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.StateBackendTestBase;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;

import io.sluice.state.adaptive.store.TestPlacement;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Flink's published test of state backends, in each placement. */
@ExtendWith(ParameterizedTestExtension.class)
class FlinkStateBackendContractTest extends StateBackendTestBase<PlacedStateBackend> {

    @TempDir private static Path checkpoints;

    @Parameter public TestPlacement placement = TestPlacement.ALL_HEAP;

    @Parameters(name = "{0}")
    static List<TestPlacement> placements() {
        return List.of(TestPlacement.values());
    }

    @Override
    protected ConfigurableStateBackend getStateBackend() {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        return new PlacedStateBackend(placement, 42)
                .configure(configuration, getClass().getClassLoader());
    }

    @Override
    protected CheckpointStorage getCheckpointStorage() {
        return new FileSystemCheckpointStorage(checkpoints.toUri());
    }

    @Override
    protected boolean isSerializerPresenceRequiredOnRestore() {
        return true;
    }

    @Override
    protected boolean supportsAsynchronousSnapshots() {
        return true;
    }
}
