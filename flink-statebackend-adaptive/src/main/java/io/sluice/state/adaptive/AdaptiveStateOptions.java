package io.sluice.state.adaptive;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.Description;

import io.sluice.state.adaptive.placement.PlacementMode;
import io.sluice.state.adaptive.placement.PolicySettings;

import java.time.Duration;

/** The options of the adaptive state backend. */
public final class AdaptiveStateOptions {

    static final String PREFIX = "state.backend.adaptive.";
    private static final PolicySettings DEFAULTS = PolicySettings.defaults();

    public static final ConfigOption<PlacementMode> MODE =
            ConfigOptions.key(PREFIX + "mode")
                    .enumType(PlacementMode.class)
                    .defaultValue(PlacementMode.AUTO)
                    .withDescription(
                            description(
                                    "Who decides which key groups are on heap and which in RocksDB."
                                            + " auto: the TaskManager, by memory pressure and budget."
                                            + " manual: nothing moves until it is told to."
                                            + " pin-heap, pin-disk: all state is there."));

    public static final ConfigOption<MemorySize> HEAP_BUDGET =
            ConfigOptions.key(PREFIX + "heap-budget")
                    .memoryType()
                    .noDefaultValue()
                    .withDescription(
                            description(
                                    "Limits the state on heap of each slot, by estimated size, even"
                                            + " without memory pressure. Not set: only memory pressure"
                                            + " counts."));

    public static final ConfigOption<Double> HIGH_MARK =
            ConfigOptions.key(PREFIX + "pressure.high")
                    .doubleType()
                    .defaultValue(DEFAULTS.highMark())
                    .withDescription(
                            description(
                                    "Moves state to disk when two collections in a row leave more of"
                                            + " the heap used than this share of its maximum."));

    public static final ConfigOption<Double> PANIC_MARK =
            ConfigOptions.key(PREFIX + "pressure.panic")
                    .doubleType()
                    .defaultValue(DEFAULTS.panicMark())
                    .withDescription(
                            description(
                                    "Moves state to disk at once and faster when a collection leaves"
                                            + " more of the heap used than this share."));

    public static final ConfigOption<Double> TARGET_MARK =
            ConfigOptions.key(PREFIX + "pressure.target")
                    .doubleType()
                    .defaultValue(DEFAULTS.targetMark())
                    .withDescription(
                            description(
                                    "Moves no more state to disk than brings the use of the heap down"
                                            + " to this share."));

    public static final ConfigOption<Double> LOW_MARK =
            ConfigOptions.key(PREFIX + "pressure.low")
                    .doubleType()
                    .defaultValue(DEFAULTS.lowMark())
                    .withDescription(
                            description(
                                    "Brings state back to the heap while collections leave less of it"
                                            + " used than this share."));

    public static final ConfigOption<Double> MAX_COLLECTION_TIME =
            ConfigOptions.key(PREFIX + "pressure.max-collection-time")
                    .doubleType()
                    .defaultValue(DEFAULTS.maxCollectionTimeShare())
                    .withDescription(
                            description(
                                    "Moves state to disk when collections take more than this share of"
                                            + " the time and the heap is above its target."));

    public static final ConfigOption<Duration> LOAD_BACK_AFTER =
            ConfigOptions.key(PREFIX + "load-back-after")
                    .durationType()
                    .defaultValue(DEFAULTS.loadBackAfter())
                    .withDescription(
                            description(
                                    "Brings state back only after the heap has been below the low mark"
                                            + " for this long."));

    public static final ConfigOption<Duration> COOL_DOWN =
            ConfigOptions.key(PREFIX + "cool-down")
                    .durationType()
                    .defaultValue(DEFAULTS.groupCoolDown())
                    .withDescription(
                            description(
                                    "Leaves a key group where a decision moved it for at least this"
                                            + " long, unless memory is about to run out."));

    public static final ConfigOption<Duration> MOVE_SLICE =
            ConfigOptions.key(PREFIX + "move.slice")
                    .durationType()
                    .defaultValue(Duration.ofMillis(2))
                    .withDescription(
                            description(
                                    "Holds the records of a task back for this long at a time while"
                                            + " its state moves."));

    public static final ConfigOption<Double> MOVE_SHARE =
            ConfigOptions.key(PREFIX + "move.share")
                    .doubleType()
                    .defaultValue(0.1)
                    .withDescription(
                            description(
                                    "Gives this share of a busy task's time to the moves of its state."
                                            + " Time in which the task is idle is used as well."));

    private AdaptiveStateOptions() {}

    private static Description description(String text) {
        return Description.builder().text(text).build();
    }
}
