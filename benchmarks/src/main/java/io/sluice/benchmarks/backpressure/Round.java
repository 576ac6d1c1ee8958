package io.sluice.benchmarks.backpressure;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.backpressure.Turns.TurnPair;
import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import io.sluice.benchmarks.comparison.Spread;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What a job did in a TaskManager of its own.
 *
 * @param onFirst whether tracking was on in the first turn
 * @param heldBack for which share of time each step of the job was, before the first turn
 */
record Round(boolean onFirst, Map<String, Double> heldBack, List<TurnPair> turns) {

    Round {
        turns = List.copyOf(turns);
    }

    /** Returns records a second. */
    Pairs pairs() {
        return pairs(Turn::recordsPerSecond);
    }

    /** Returns records a second of CPU time. */
    Pairs cpuPairs() {
        return pairs(Turn::recordsPerCpuSecond);
    }

    private Pairs pairs(ToDoubleFunction<Turn> rate) {
        return new Pairs(
                turns.stream()
                        .map(
                                pair ->
                                        new Pair(
                                                rate.applyAsDouble(pair.on()),
                                                rate.applyAsDouble(pair.off())))
                        .toList());
    }

    /** Returns how often a second the task threads waited, with tracking on. */
    double waitsPerSecond() {
        return Spread.of(turns.stream().map(pair -> pair.on().waitsPerSecond()).toList()).median();
    }

    void addTo(ObjectNode json) {
        json.put("first", onFirst ? "on" : "off")
                .put("ratio", pairs().ratio().ratio())
                .put("ratioPerCpuSecond", cpuPairs().ratio().ratio())
                .put("waitsOfTaskThreadsPerSecond", waitsPerSecond());
        ObjectNode shares = json.putObject("heldBack");
        heldBack.forEach(shares::put);
        add(json.putArray("on"), TurnPair::on);
        add(json.putArray("off"), TurnPair::off);
    }

    private void add(ArrayNode json, Function<TurnPair, Turn> side) {
        turns.stream()
                .map(side)
                .forEach(
                        turn ->
                                json.addObject()
                                        .put("recordsPerSecond", turn.recordsPerSecond())
                                        .put("recordsPerCpuSecond", turn.recordsPerCpuSecond())
                                        .put("waitsPerSecond", turn.waitsPerSecond()));
    }
}
