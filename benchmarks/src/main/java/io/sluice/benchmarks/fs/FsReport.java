package io.sluice.benchmarks.fs;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Claim;
import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Spread;
import io.sluice.benchmarks.fs.SinkPart.Sink;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured, and what that is to show. */
record FsReport(
        FilePart.Measured files,
        Map<Backend, Map<Contender, List<Checkpoint>>> checkpoints,
        Map<Sink, SinkPart.Measured> sinks) {

    private static final String FILE_ROW = "%-10s %14s %14s %16s";
    private static final String CHECKPOINT_ROW = "%-10s %-10s %12s %12s %10s %10s  %s";
    private static final String SINK_ROW = "%-18s %8s %10s %16s %12s %18s  %s";
    private static final double MEBIBYTE = 1 << 20;

    FsReport {
        checkpoints = new EnumMap<>(checkpoints);
        sinks = new EnumMap<>(sinks);
    }

    private static Claim claim(FileWork work) {
        return Claim.atLeast("fs." + work.name().toLowerCase(Locale.ROOT), "0.99");
    }

    private static double calls(Checkpoint checkpoint) {
        return checkpoint.calls().caused();
    }

    /*
     * Checkpoints are not compared one by one: whether RocksDB has just compacted decides what one
     * costs, and each job does so at times of its own. So it is the sums that are.
     */
    private static double ratioOfSums(
            Map<Contender, List<Checkpoint>> measured, ToDoubleFunction<Checkpoint> value) {
        return sum(measured, Contender.PROFILE, value) / sum(measured, Contender.STOCK, value);
    }

    private static double sum(
            Map<Contender, List<Checkpoint>> measured,
            Contender contender,
            ToDoubleFunction<Checkpoint> value) {
        return measured.getOrDefault(contender, List.of()).stream().mapToDouble(value).sum();
    }

    /** Rounded up: less is better. */
    private static String resultLine(
            Backend backend,
            String what,
            Map<Contender, List<Checkpoint>> measured,
            ToDoubleFunction<Checkpoint> value) {
        return "RESULT fs.checkpoint.%s.%s ratio=%s checkpoints=%d goal=none"
                .formatted(
                        backend.label(),
                        what,
                        BigDecimal.valueOf(ratioOfSums(measured, value))
                                .setScale(2, RoundingMode.CEILING),
                        measured.getOrDefault(Contender.PROFILE, List.of()).size());
    }

    List<String> tableRows() {
        List<String> rows = new ArrayList<>();
        rows.add(FILE_ROW.formatted("a second", "binding", "plain", "binding / plain"));
        files.throughput()
                .forEach(
                        (work, pairs) ->
                                rows.add(
                                        FILE_ROW.formatted(
                                                work.name().toLowerCase(Locale.ROOT),
                                                "%.1f".formatted(pairs.ours().median()),
                                                "%.1f".formatted(pairs.baseline().median()),
                                                "%.3f +- %.3f"
                                                        .formatted(
                                                                pairs.ratio().ratio(),
                                                                pairs.ratio().error()))));
        files.locatedList()
                .forEach(
                        (scheme, calls) ->
                                rows.add(
                                        "Calls for a list of %d files with where their blocks are, %s: %d."
                                                .formatted(
                                                        FileWork.FILES,
                                                        scheme.name().toLowerCase(Locale.ROOT),
                                                        calls.caused())));
        rows.add(
                CHECKPOINT_ROW.formatted(
                        "checkpoint",
                        "by",
                        "state, MiB",
                        "written, MiB",
                        "seconds",
                        "calls",
                        "of which"));
        checkpoints.forEach(
                (backend, measured) ->
                        measured.forEach(
                                (contender, taken) ->
                                        rows.add(checkpointRow(backend, contender, taken))));
        rows.add(
                SINK_ROW.formatted(
                        "sink",
                        "files",
                        "KiB each",
                        "calls/checkpoint",
                        "calls/file",
                        "to read, calls/file",
                        "each checkpoint"));
        sinks.forEach((sink, measured) -> rows.add(sinkRow(sink, measured)));
        return rows;
    }

    private static String checkpointRow(
            Backend backend, Contender contender, List<Checkpoint> taken) {
        Calls all = taken.stream().map(Checkpoint::calls).reduce(Calls.none(), Calls::plus);
        return CHECKPOINT_ROW.formatted(
                backend.label(),
                contender.label(),
                "%.0f".formatted(median(taken, Checkpoint::stateBytes) / MEBIBYTE),
                "%.1f".formatted(median(taken, Checkpoint::writtenBytes) / MEBIBYTE),
                "%.2f".formatted(median(taken, Checkpoint::millis) / 1000),
                "%.1f".formatted((double) all.caused() / taken.size()),
                all.describe(taken.size()));
    }

    private static double median(List<Checkpoint> taken, ToDoubleFunction<Checkpoint> value) {
        return Spread.of(taken.stream().map(value::applyAsDouble).toList()).median();
    }

    private static String sinkRow(Sink sink, SinkPart.Measured measured) {
        return SINK_ROW.formatted(
                sink.label(),
                measured.files(),
                "%.0f".formatted(measured.bytes() / 1024.0 / measured.files()),
                "%.1f".formatted(measured.callsPerCheckpoint()),
                "%.1f".formatted(measured.callsPerFile()),
                "%.1f".formatted((double) measured.reading().caused() / measured.allFiles()),
                measured.writing().describe(measured.checkpoints()));
    }

    List<String> resultLines() {
        List<String> lines = new ArrayList<>();
        files.throughput()
                .forEach(
                        (work, pairs) ->
                                lines.addAll(claim(work).resultLines(pairs.ratio(), "--pairs")));
        checkpoints.forEach(
                (backend, measured) -> {
                    lines.add(resultLine(backend, "calls", measured, FsReport::calls));
                    lines.add(resultLine(backend, "duration", measured, Checkpoint::millis));
                });
        return lines;
    }

    void addTo(ObjectNode json) {
        files.throughput()
                .forEach(
                        (work, pairs) -> {
                            Claim claim = claim(work);
                            ObjectNode result = json.putObject(claim.name());
                            result.put("goal", claim.goal())
                                    .put("met", claim.isMetBy(pairs.ratio()));
                            add(result, pairs.ratio());
                            ArrayNode each = result.putArray("pairsPerSecond");
                            pairs.pairs()
                                    .forEach(
                                            pair ->
                                                    each.addArray()
                                                            .add(pair.ours())
                                                            .add(pair.baseline()));
                        });
        ObjectNode located = json.putObject("fs.located-list.calls");
        files.locatedList()
                .forEach(
                        (scheme, calls) ->
                                located.put(
                                        scheme.name().toLowerCase(Locale.ROOT), calls.caused()));
        checkpoints.forEach(
                (backend, measured) -> {
                    ObjectNode result =
                            json.putObject("fs.checkpoint.%s".formatted(backend.label()));
                    result.put("callsRatio", ratioOfSums(measured, FsReport::calls))
                            .put("durationRatio", ratioOfSums(measured, Checkpoint::millis));
                    measured.forEach(
                            (contender, taken) -> {
                                ArrayNode each = result.putArray(contender.label());
                                taken.forEach(one -> one.addTo(each.addObject()));
                            });
                });
        ObjectNode sinkResults = json.putObject("fs.sink");
        sinks.forEach((sink, measured) -> measured.addTo(sinkResults.putObject(sink.label())));
    }

    private static void add(ObjectNode json, Comparison ratio) {
        json.put("ratio", ratio.ratio()).put("error", ratio.error()).put("clear", ratio.isClear());
    }
}
