package io.sluice.benchmarks.survival;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Finding;
import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import io.sluice.benchmarks.comparison.Spread;
import io.sluice.benchmarks.comparison.Tally;
import io.sluice.benchmarks.survival.Outcome.Died;
import io.sluice.benchmarks.survival.Outcome.Finished;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What became of all runs: the numbers for people, for programs and for the file.
 *
 * @param outcomes of each side in the order of the runs: the first of ours was beside the first of
 *     RocksDB
 */
record SurvivalReport(Map<Contender, List<Outcome>> outcomes) {

    private static final Tally STOCK_DIES = new Tally("survival.hashmap.died", true);
    private static final Tally OURS_DIES = new Tally("survival.adaptive.died", false);
    private static final Tally OURS_IS_EXACT = new Tally("survival.adaptive.exact", true);

    private static final String MORE = "--rocksdb-runs";

    /** A part of a run whose speed is compared. */
    private enum Phase {
        ON_HEAP,
        WHOLE;

        Finding finding() {
            return new Finding(
                    "survival.throughput." + name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }

        double seconds(Finished run) {
            Duration time =
                    switch (this) {
                        case ON_HEAP -> run.onHeap();
                        case WHOLE -> run.whole();
                    };
            return time.toMillis() / 1000.0;
        }
    }

    SurvivalReport {
        outcomes = new EnumMap<>(outcomes);
    }

    private List<Outcome> of(Contender contender) {
        return outcomes.getOrDefault(contender, List.of());
    }

    private int died(Contender contender) {
        return (int) of(contender).stream().filter(Died.class::isInstance).count();
    }

    private int exact(Contender contender) {
        return (int) of(contender).stream().filter(SurvivalReport::isExact).count();
    }

    private static boolean isExact(Outcome outcome) {
        return outcome instanceof Finished finished && finished.exact();
    }

    /**
     * Returns how many times the state came to what filled the heap of stock Flink: no record lets
     * go of state. Of the run that got furthest.
     */
    OptionalDouble stateByHeap() {
        OptionalLong all =
                of(Contender.ADAPTIVE).stream()
                        .filter(Finished.class::isInstance)
                        .mapToLong(run -> ((Finished) run).records())
                        .min();
        OptionalLong full =
                of(Contender.HASHMAP).stream()
                        .filter(Died.class::isInstance)
                        .mapToLong(run -> ((Died) run).records())
                        .max();
        return all.isEmpty() || full.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) all.getAsLong() / full.getAsLong());
    }

    /**
     * Returns our throughput and that of RocksDB beside it, as parts of a run a second; empty if no
     * two runs side by side gave the exact result.
     */
    private Optional<Pairs> throughput(Phase phase) {
        List<Outcome> ours = of(Contender.ADAPTIVE);
        List<Outcome> rocksDb = of(Contender.ROCKSDB);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), rocksDb.size()); i++) {
            if (isExact(ours.get(i)) && isExact(rocksDb.get(i))) {
                pairs.add(
                        new Pair(
                                1 / phase.seconds((Finished) ours.get(i)),
                                1 / phase.seconds((Finished) rocksDb.get(i))));
            }
        }
        return pairs.isEmpty() ? Optional.empty() : Optional.of(new Pairs(pairs));
    }

    /** Returns lines for people: how often each side came to which end, and in what time. */
    List<String> tableRows() {
        List<String> rows = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            List<Finished> exact =
                    of(contender).stream()
                            .filter(SurvivalReport::isExact)
                            .map(Finished.class::cast)
                            .toList();
            rows.add(
                    "%-8s  %d runs: %d died, %d exact%s"
                            .formatted(
                                    contender.backend(),
                                    of(contender).size(),
                                    died(contender),
                                    exact.size(),
                                    exact.isEmpty() ? "" : times(exact)));
        }
        return rows;
    }

    private static String times(List<Finished> runs) {
        Spread memory =
                Spread.of(runs.stream().map(run -> (double) run.memoryMebibytes()).toList());
        return "; on heap %s, whole %s; %.0f MiB in use at the peak"
                .formatted(
                        seconds(runs, Phase.ON_HEAP), seconds(runs, Phase.WHOLE), memory.median());
    }

    private static String seconds(List<Finished> runs, Phase phase) {
        Spread spread = Spread.of(runs.stream().map(phase::seconds).toList());
        return "%.1f s (%.1f-%.1f)".formatted(spread.median(), spread.min(), spread.max());
    }

    List<String> resultLines() {
        List<String> lines = new ArrayList<>();
        lines.add(STOCK_DIES.resultLine(died(Contender.HASHMAP), of(Contender.HASHMAP).size()));
        lines.add(OURS_DIES.resultLine(died(Contender.ADAPTIVE), of(Contender.ADAPTIVE).size()));
        lines.add(
                OURS_IS_EXACT.resultLine(exact(Contender.ADAPTIVE), of(Contender.ADAPTIVE).size()));
        for (Phase phase : Phase.values()) {
            throughput(phase)
                    .ifPresentOrElse(
                            pairs -> lines.addAll(phase.finding().resultLines(pairs.ratio(), MORE)),
                            () ->
                                    lines.add(
                                            "%s: no two runs side by side gave the exact result."
                                                    .formatted(phase.finding().name())));
        }
        return lines;
    }

    void addTo(ObjectNode json) {
        add(json, STOCK_DIES, Contender.HASHMAP, died(Contender.HASHMAP));
        add(json, OURS_DIES, Contender.ADAPTIVE, died(Contender.ADAPTIVE));
        add(json, OURS_IS_EXACT, Contender.ADAPTIVE, exact(Contender.ADAPTIVE));
        for (Phase phase : Phase.values()) {
            throughput(phase)
                    .ifPresent(pairs -> add(json.putObject(phase.finding().name()), pairs.ratio()));
        }
        stateByHeap().ifPresent(ratio -> json.put("stateByHeap", ratio));
        for (Contender contender : Contender.values()) {
            ArrayNode runs = json.putArray(contender.backend());
            of(contender).forEach(outcome -> outcome.addTo(runs.addObject()));
        }
    }

    private void add(ObjectNode json, Tally tally, Contender contender, int count) {
        int runs = of(contender).size();
        json.putObject(tally.name())
                .put("count", count)
                .put("runs", runs)
                .put("goal", tally.goal(runs))
                .put("met", tally.isMetBy(count, runs));
    }

    private static void add(ObjectNode json, Comparison ratio) {
        json.put("ratio", ratio.ratio()).put("error", ratio.error()).put("clear", ratio.isClear());
    }
}
