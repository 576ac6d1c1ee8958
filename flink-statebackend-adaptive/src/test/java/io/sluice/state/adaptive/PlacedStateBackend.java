package io.sluice.state.adaptive;

import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.AbstractStateBackend;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.OperatorStateBackend;

import io.sluice.state.adaptive.store.TestPlacement;

import java.io.IOException;

/** The adaptive backend with its state where a test wants it. */
public final class PlacedStateBackend extends AbstractStateBackend
        implements ConfigurableStateBackend {

    private static final long serialVersionUID = 1L;

    private final AdaptiveStateBackend backend;
    private final TestPlacement placement;
    private final long seed;

    public PlacedStateBackend(TestPlacement placement, long seed) {
        this(new AdaptiveStateBackend(placement::initialTier), placement, seed);
    }

    private PlacedStateBackend(AdaptiveStateBackend backend, TestPlacement placement, long seed) {
        this.backend = backend;
        this.placement = placement;
        this.seed = seed;
    }

    @Override
    public PlacedStateBackend configure(ReadableConfig config, ClassLoader classLoader) {
        return new PlacedStateBackend(backend.configure(config, classLoader), placement, seed);
    }

    @Override
    public <K> AbstractKeyedStateBackend<K> createKeyedStateBackend(
            KeyedStateBackendParameters<K> parameters) throws IOException {
        return placement.applyTo(backend.createKeyedStateBackend(parameters), seed);
    }

    @Override
    public OperatorStateBackend createOperatorStateBackend(
            OperatorStateBackendParameters parameters) throws Exception {
        return backend.createOperatorStateBackend(parameters);
    }

    @Override
    public boolean useManagedMemory() {
        return backend.useManagedMemory();
    }

    @Override
    public boolean supportsSavepointFormat(SavepointFormatType formatType) {
        return backend.supportsSavepointFormat(formatType);
    }

    @Override
    public boolean supportsNoClaimRestoreMode() {
        return backend.supportsNoClaimRestoreMode();
    }
}
