package io.sluice.benchmarks.startup;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import io.sluice.benchmarks.comparison.Spread;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All starts of one process that were measured: the numbers for people, for programs and for the
 * file.
 *
 * @param ours in the order of the runs
 * @param stockStyle as many
 */
record StartupReport(StartedProcess process, List<Start> ours, List<Start> stockStyle) {

    private static final String ROW = "%-12s %-6s %-20s %-20s %-12s%n";

    StartupReport {
        ours = List.copyOf(ours);
        stockStyle = List.copyOf(stockStyle);
    }

    static String tableHead() {
        return ROW.formatted("", "", "ours, s", "stock-style, s", "ours / stock-style");
    }

    /** Returns two lines of the table, median and ends of each side: wall time, CPU time. */
    String tableRows() {
        return row("wall", pairs(Start::wallSeconds)) + row("CPU", pairs(Start::cpuSeconds));
    }

    private String row(String what, Pairs pairs) {
        Comparison ratio = pairs.ratio();
        return ROW.formatted(
                process.scriptName(),
                what,
                cell(pairs.ours()),
                cell(pairs.baseline()),
                "%.2f +- %.2f".formatted(ratio.ratio(), ratio.error()));
    }

    private static String cell(Spread seconds) {
        return "%.2f (%.2f-%.2f)".formatted(seconds.median(), seconds.min(), seconds.max());
    }

    /** Returns what the claim about wall time says. */
    List<String> resultLines() {
        return process.claim().resultLines(pairs(Start::wallSeconds).ratio(), "--runs");
    }

    void addTo(ObjectNode json) {
        Comparison ratio = pairs(Start::wallSeconds).ratio();
        ObjectNode result = json.putObject(process.claim().name());
        result.put("goal", process.claim().goal())
                .put("met", process.claim().isMetBy(ratio))
                .put("clear", ratio.isClear());
        add(result.putObject("wallSeconds"), pairs(Start::wallSeconds));
        add(result.putObject("cpuSeconds"), pairs(Start::cpuSeconds));
    }

    private static void add(ObjectNode json, Pairs pairs) {
        json.put("ratio", pairs.ratio().ratio()).put("error", pairs.ratio().error());
        add(json.putArray("ours"), pairs.pairs(), Pair::ours);
        add(json.putArray("stockStyle"), pairs.pairs(), Pair::baseline);
    }

    private static void add(ArrayNode json, List<Pair> pairs, ToDoubleFunction<Pair> side) {
        pairs.forEach(pair -> json.add(side.applyAsDouble(pair)));
    }

    private Pairs pairs(ToDoubleFunction<Start> value) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            pairs.add(
                    new Pair(
                            value.applyAsDouble(ours.get(i)),
                            value.applyAsDouble(stockStyle.get(i))));
        }
        return new Pairs(pairs);
    }
}
