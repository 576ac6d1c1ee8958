package io.sluice.benchmarks.state;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Pairs;

/**
 * How fast an operation is.
 *
 * @param pairs operations a second
 */
record OperationReport(Operation operation, Pairs pairs) {

    private static final String ROW = "%-24s %14s %14s %16s%n";

    static String tableHead() {
        return ROW.formatted("", "ours, 1000/s", "stock, 1000/s", "ours / stock");
    }

    String tableRow() {
        Comparison ratio = pairs.ratio();
        return ROW.formatted(
                operation.name(),
                "%.0f".formatted(pairs.ours().median() / 1000),
                "%.0f".formatted(pairs.baseline().median() / 1000),
                "%.3f +- %.3f".formatted(ratio.ratio(), ratio.error()));
    }

    void addTo(ObjectNode json) {
        ObjectNode result = json.putObject(operation.name());
        result.put("ratio", pairs.ratio().ratio()).put("error", pairs.ratio().error());
        pairs.pairs().forEach(pair -> result.withArray("/ours").add(pair.ours()));
        pairs.pairs().forEach(pair -> result.withArray("/stock").add(pair.baseline()));
    }
}
