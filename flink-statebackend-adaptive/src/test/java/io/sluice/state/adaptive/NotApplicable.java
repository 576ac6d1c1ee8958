package io.sluice.state.adaptive;

import io.sluice.state.adaptive.store.TestPlacement;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tests of Flink's published bases that do not apply, each with its reason. */
final class NotApplicable implements ExecutionCondition {

    private static final Set<TestPlacement> ON_DISK =
            EnumSet.of(TestPlacement.ALL_DISK, TestPlacement.ALTERNATING, TestPlacement.CHAOS);

    private static final Exclusion NATIVE_SNAPSHOT =
            new Exclusion(
                    ON_DISK,
                    "A native RocksDB snapshot keeps expired entries: stock RocksDB with incremental "
                            + "checkpoints fails this test as well, see TtlCleanUpTest.");

    private static final Map<String, Exclusion> EXCLUSIONS =
            Map.of(
                    "testMultipleKeysWithSnapshotCleanup",
                    NATIVE_SNAPSHOT,
                    "testMultipleNamespacesWithSnapshotCleanup",
                    NATIVE_SNAPSHOT,
                    "testIncrementalCleanupWholeState",
                    new Exclusion(
                            EnumSet.allOf(TestPlacement.class),
                            "Casts the state to Flink's AbstractHeapState to look inside; "
                                    + "TtlCleanUpTest looks by other means."));

    private record Exclusion(Set<TestPlacement> placements, String reason) {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Exclusion> exclusion =
                context.getTestMethod().map(Method::getName).map(EXCLUSIONS::get);
        Optional<TestPlacement> placement =
                context.getTestInstance()
                        .filter(FlinkTtlStateContract.class::isInstance)
                        .map(test -> ((FlinkTtlStateContract) test).placement());
        if (exclusion.isPresent()
                && placement.filter(exclusion.get().placements()::contains).isPresent()) {
            return ConditionEvaluationResult.disabled(exclusion.get().reason());
        }
        return ConditionEvaluationResult.enabled("applies");
    }
}
