package io.sluice.state.adaptive;

import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

import io.sluice.state.adaptive.placement.PlacementMode;
import io.sluice.state.adaptive.placement.PolicySettings;
import io.sluice.state.adaptive.placement.SlotBudget;
import io.sluice.state.adaptive.store.MoveSettings;

import java.io.Serializable;

/** The options of the backend, checked. */
record AdaptiveStateSettings(
        PlacementMode mode, PolicySettings policy, long budgetBytesPerSlot, MoveSettings moves)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    /**
     * @throws IllegalConfigurationException if values are out of range or contradict each other
     */
    static AdaptiveStateSettings from(ReadableConfig config) {
        try {
            return new AdaptiveStateSettings(
                    config.get(AdaptiveStateOptions.MODE),
                    new PolicySettings(
                            config.get(AdaptiveStateOptions.HIGH_MARK),
                            config.get(AdaptiveStateOptions.PANIC_MARK),
                            config.get(AdaptiveStateOptions.TARGET_MARK),
                            config.get(AdaptiveStateOptions.LOW_MARK),
                            config.get(AdaptiveStateOptions.MAX_COLLECTION_TIME),
                            config.get(AdaptiveStateOptions.LOAD_BACK_AFTER),
                            config.get(AdaptiveStateOptions.COOL_DOWN)),
                    config.getOptional(AdaptiveStateOptions.HEAP_BUDGET)
                            .map(MemorySize::getBytes)
                            .orElse(SlotBudget.NONE),
                    new MoveSettings(
                            config.get(AdaptiveStateOptions.MOVE_SLICE),
                            config.get(AdaptiveStateOptions.MOVE_SHARE)));
        } catch (IllegalArgumentException e) {
            throw new IllegalConfigurationException(
                    "The options of the adaptive state backend cannot be used: "
                            + e.getMessage()
                            + ". Correct the options that start with '"
                            + AdaptiveStateOptions.PREFIX
                            + "'.",
                    e);
        }
    }
}
