package io.sluice.benchmarks.state;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Claim;
import io.sluice.benchmarks.comparison.Comparison;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was measured in a tier, and what that is to show. */
record StateReport(Operation.Tier tier, List<OperationReport> operations) {

    private static final String MORE = "--pairs";

    StateReport {
        operations = List.copyOf(operations);
    }

    List<String> resultLines() {
        List<String> lines = new ArrayList<>(geomean().resultLines(geometricMean(), MORE));
        if (tier == Operation.Tier.HEAP) {
            OperationReport slowest = slowest();
            lines.add(
                    "The slowest on heap against stock is %s."
                            .formatted(slowest.operation().name()));
            lines.addAll(worst().resultLines(slowest.pairs().ratio(), MORE));
        }
        return lines;
    }

    void addTo(ObjectNode json) {
        add(json, geomean(), geometricMean());
        if (tier == Operation.Tier.HEAP) {
            add(json, worst(), slowest().pairs().ratio())
                    .put("operation", slowest().operation().name());
        }
        operations.forEach(operation -> operation.addTo(json.withObject("/operations")));
    }

    private static ObjectNode add(ObjectNode json, Claim claim, Comparison ratio) {
        return json.putObject(claim.name())
                .put("goal", claim.goal())
                .put("met", claim.isMetBy(ratio))
                .put("clear", ratio.isClear())
                .put("ratio", ratio.ratio())
                .put("error", ratio.error());
    }

    private Claim geomean() {
        return Claim.atLeast("state.%s.geomean".formatted(tier.label()), "0.97");
    }

    private static Claim worst() {
        return Claim.atLeast("state.heap.worst", "0.93");
    }

    private Comparison geometricMean() {
        return Comparison.ofGeometricMeans(
                operations.stream().map(OperationReport::pairs).toList());
    }

    private OperationReport slowest() {
        return operations.stream()
                .min(Comparator.comparingDouble(report -> report.pairs().ratio().ratio()))
                .orElseThrow();
    }
}
