package io.sluice.state.adaptive;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.StateBackendTestBase;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameter;
import org.apache.flink.testutils.junit.extensions.parameterized.ParameterizedTestExtension;
import org.apache.flink.testutils.junit.extensions.parameterized.Parameters;

import io.sluice.state.adaptive.store.TestPlacement;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Flink's published test of state backends, in each placement and with each kind of storage. */
@ExtendWith(ParameterizedTestExtension.class)
class FlinkStateBackendContractTest extends StateBackendTestBase<PlacedStateBackend> {

    @TempDir private static Path checkpoints;

    /** Where checkpoints go. */
    enum Storage {
        FILES,
        FILES_ONLY,
        JOB_MANAGER;

        CheckpointStorage create() {
            return switch (this) {
                case FILES -> new FileSystemCheckpointStorage(checkpoints.toUri());
                case FILES_ONLY -> new FileSystemCheckpointStorage(checkpoints.toUri(), 0);
                case JOB_MANAGER -> new JobManagerCheckpointStorage();
            };
        }
    }

    @Parameter public TestPlacement placement = TestPlacement.ALL_HEAP;

    @Parameter(1)
    public Storage storage = Storage.FILES;

    @Parameters(name = "{0}, {1}")
    static List<Object[]> placements() {
        List<Object[]> cases = new ArrayList<>();
        for (TestPlacement placement : TestPlacement.values()) {
            cases.add(new Object[] {placement, Storage.FILES});
        }
        cases.add(new Object[] {TestPlacement.ALTERNATING, Storage.FILES_ONLY});
        cases.add(new Object[] {TestPlacement.ALTERNATING, Storage.JOB_MANAGER});
        return cases;
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
        return storage.create();
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
