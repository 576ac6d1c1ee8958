package io.sluice.state.adaptive;

import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.StateBackendFactory;

/** Makes the backend from options; {@code state.backend.type} may name this class, too. */
public class AdaptiveStateBackendFactory implements StateBackendFactory<AdaptiveStateBackend> {

    @Override
    public AdaptiveStateBackend createFromConfig(ReadableConfig config, ClassLoader classLoader) {
        return new AdaptiveStateBackend().configure(config, classLoader);
    }
}
