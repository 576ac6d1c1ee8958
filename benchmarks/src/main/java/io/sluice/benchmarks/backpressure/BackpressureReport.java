package io.sluice.benchmarks.backpressure;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Finding;
import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Precision;
import io.sluice.benchmarks.comparison.Spread;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What was measured in all rounds of a contest, and what that is to show. */
record BackpressureReport(Contest contest, List<Round> rounds) {

    private static final String ROW = "%-24s %12s %12s %16s %16s %10s";

    BackpressureReport {
        rounds = List.copyOf(rounds);
    }

    /** Returns the ratio of throughput, on to off. */
    private Comparison ratio() {
        return Comparison.ofRounds(rounds.stream().map(Round::pairs).toList());
    }

    /** The same of records a second of CPU time. */
    private Comparison cpuRatio() {
        return Comparison.ofRounds(rounds.stream().map(Round::cpuPairs).toList());
    }

    /**
     * Returns the ratio of all pairs as if they had nothing in common: the noise of turns alone.
     */
    private Comparison pairByPair() {
        return allPairs().ratio();
    }

    private Pairs allPairs() {
        return new Pairs(rounds.stream().flatMap(round -> round.pairs().pairs().stream()).toList());
    }

    /** Returns a line for each round, in which the error is that of its pairs, and one for all. */
    List<String> tableRows() {
        List<String> rows = new ArrayList<>();
        rows.add(
                ROW.formatted(
                        contest.label(),
                        "on, 1000/s",
                        "off, 1000/s",
                        "on / off",
                        "per CPU second",
                        "waits/s"));
        for (int i = 0; i < rounds.size(); i++) {
            Round round = rounds.get(i);
            rows.add(
                    row(
                            "round %d, %s first".formatted(i + 1, round.onFirst() ? "on" : "off"),
                            round.pairs(),
                            round.pairs().ratio(),
                            round.cpuPairs().ratio(),
                            round.waitsPerSecond()));
        }
        rows.add(
                row(
                        "all rounds",
                        allPairs(),
                        ratio(),
                        cpuRatio(),
                        Spread.of(rounds.stream().map(Round::waitsPerSecond).toList()).median()));
        return rows;
    }

    private static String row(
            String what, Pairs pairs, Comparison ratio, Comparison cpuRatio, double waits) {
        return ROW.formatted(
                what,
                "%.1f".formatted(pairs.ours().median() / 1000),
                "%.1f".formatted(pairs.baseline().median() / 1000),
                withError(ratio),
                withError(cpuRatio),
                "%.0f".formatted(waits));
    }

    private static String withError(Comparison ratio) {
        return "%.3f +- %.3f".formatted(ratio.ratio(), ratio.error());
    }

    List<String> resultLines() {
        return Stream.concat(
                        contest.resultLines(ratio()).stream(),
                        new Finding(contest.label() + ".cpu", Precision.THOUSANDTHS)
                                .resultLines(cpuRatio(), Contest.MORE).stream())
                .toList();
    }

    void addTo(ObjectNode json) {
        ObjectNode result = json.putObject(contest.label());
        contest.claim()
                .ifPresent(
                        claim ->
                                result.put("goal", claim.goal())
                                        .put("met", claim.isMetBy(ratio())));
        result.put("clear", ratio().isClear(Precision.THOUSANDTHS));
        add(result, ratio());
        add(result.putObject("perCpuSecond"), cpuRatio());
        add(result.putObject("pairByPair"), pairByPair());
        ArrayNode each = result.putArray("rounds");
        rounds.forEach(round -> round.addTo(each.addObject()));
    }

    private static void add(ObjectNode json, Comparison ratio) {
        json.put("ratio", ratio.ratio()).put("error", ratio.error());
    }
}
