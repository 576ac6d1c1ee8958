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
 * What two sides did in one pair of processes each.
 *
 * @param onFirst which side had the first turn
 * @param heldBack for which share of time each step of the job was, with tracking and all else on
 */
record Round(boolean onFirst, Map<String, Double> heldBack, List<TurnPair> turns) {

    Round {
        turns = List.copyOf(turns);
    }

    /** Returns records a second. */
    Pairs pairs() {
        return pairs(Turn::recordsPerSecond);
    }

    /** Returns records a second without the beginnings of the turns. */
    Pairs settledPairs() {
        return pairs(Turn::settledRecordsPerSecond);
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

    /** Returns how often a second the task threads waited, with tracking and all else on. */
    double waitsPerSecond() {
        return Spread.of(turns.stream().map(pair -> pair.on().waitsPerSecond()).toList()).median();
    }

    void addTo(ObjectNode json) {
        json.put("first", onFirst ? "on" : "off")
                .put("ratio", pairs().ratio().ratio())
                .put("ratioSettled", settledPairs().ratio().ratio())
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
                                        .put("settled", turn.settledRecordsPerSecond())
                                        .put("waitsPerSecond", turn.waitsPerSecond()));
    }
}
