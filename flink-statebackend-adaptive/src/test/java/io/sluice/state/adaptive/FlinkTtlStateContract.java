package io.sluice.state.adaptive;

import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.CheckpointStorage;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.runtime.state.ttl.StateBackendTestContext;
import org.apache.flink.runtime.state.ttl.TtlStateTestBase;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

import io.sluice.state.adaptive.store.TestPlacement;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Flink's published test of state with a time to live, in one placement. */
@ExtendWith(NotApplicable.class)
abstract class FlinkTtlStateContract extends TtlStateTestBase {

    @TempDir private static Path checkpoints;

    private final TestPlacement placement;

    FlinkTtlStateContract(TestPlacement placement) {
        this.placement = placement;
    }

    TestPlacement placement() {
        return placement;
    }

    @Override
    protected StateBackendTestContext createStateBackendTestContext(TtlTimeProvider timeProvider) {
        return new StateBackendTestContext(timeProvider) {
            @Override
            protected StateBackend createStateBackend() {
                Configuration configuration = new Configuration();
                configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
                return new PlacedStateBackend(placement, 42)
                        .configure(configuration, getClass().getClassLoader());
            }

            @Override
            protected CheckpointStorage createCheckpointStorage() {
                return new FileSystemCheckpointStorage(checkpoints.toUri());
            }
        };
    }

    /** Incremental clean-up visits the heap; on disk compaction cleans up, as in stock RocksDB. */
    @Override
    protected boolean incrementalCleanupSupported() {
        return placement == TestPlacement.ALL_HEAP;
    }
}
