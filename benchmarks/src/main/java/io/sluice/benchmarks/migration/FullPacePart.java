package io.sluice.benchmarks.migration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Claim;
import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import io.sluice.benchmarks.comparison.Spread;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Moves without load, see {@link FullPace}.
 *
 * @param size as in {@code 500k}
 */
record FullPacePart(Rows rows, String size, Place place) implements Part {

    private static final String GOAL = "2.00";
    private static final int FEWEST_ROUNDS = 5;
    private static final int LARGE = 1_000_000;

    @Override
    public String name() {
        return "%s.%s.%s"
                .formatted(rows.kind().name().toLowerCase(Locale.ROOT), size, place.label());
    }

    @Override
    public String description() {
        return "%,d rows of %s state at full pace, RocksDB in %s"
                .formatted(
                        rows.count(),
                        rows.kind().name().toLowerCase(Locale.ROOT),
                        place.directory());
    }

    private boolean isLarge() {
        return rows.count() > LARGE;
    }

    @Override
    public Report measure(MigrationOptions options) throws IOException, InterruptedException {
        int rounds =
                isLarge() && options.rounds() > FEWEST_ROUNDS
                        ? Math.max(FEWEST_ROUNDS, options.rounds() - 2)
                        : options.rounds();
        JsonNode times =
                Fork.run(
                        FullPace.class,
                        isLarge() ? "5g" : "3g",
                        List.of(
                                place.directory().toString(),
                                rows.kind().name(),
                                Integer.toString(rows.count()),
                                Integer.toString(rounds)));
        return new FullPaceReport(name(), pairs(times.get("out")), pairs(times.get("in")), times);
    }

    private static Pairs pairs(JsonNode times) {
        List<Pair> pairs = new ArrayList<>();
        times.forEach(
                pair ->
                        pairs.add(
                                new Pair(pair.get("ours").asDouble(), pair.get("raw").asDouble())));
        return new Pairs(pairs);
    }

    /**
     * How long the moves took.
     *
     * @param out seconds; the baseline is a raw write
     * @param in seconds; the baseline is a raw scan
     * @param measured all of it, for the file
     */
    record FullPaceReport(String name, Pairs out, Pairs in, JsonNode measured) implements Report {

        private static final String ROW = "%-22s %-4s %-20s %-20s %-14s";
        private static final String MORE = "--rounds";

        static String tableHead() {
            return ROW.formatted("", "", "move, s", "RocksDB alone, s", "move / RocksDB");
        }

        @Override
        public List<String> tableRows() {
            return List.of(row("out", out), row("in", in));
        }

        private String row(String direction, Pairs pairs) {
            Comparison ratio = pairs.ratio();
            return ROW.formatted(
                    name,
                    direction,
                    cell(pairs.ours()),
                    cell(pairs.baseline()),
                    "%.2f +- %.2f".formatted(ratio.ratio(), ratio.error()));
        }

        private static String cell(Spread seconds) {
            return "%.2f (%.2f-%.2f)".formatted(seconds.median(), seconds.min(), seconds.max());
        }

        @Override
        public List<String> resultLines() {
            List<String> lines = new ArrayList<>(claim("out").resultLines(out.ratio(), MORE));
            lines.addAll(claim("in").resultLines(in.ratio(), MORE));
            return lines;
        }

        private Claim claim(String direction) {
            return Claim.atMost("migration.%s.%s".formatted(name, direction), GOAL);
        }

        @Override
        public void addTo(ObjectNode json) {
            add(json, claim("out"), out, measured.get("out"));
            add(json, claim("in"), in, measured.get("in"));
        }

        private static void add(ObjectNode json, Claim claim, Pairs pairs, JsonNode seconds) {
            Comparison ratio = pairs.ratio();
            ObjectNode result =
                    json.putObject(claim.name())
                            .put("goal", claim.goal())
                            .put("met", claim.isMetBy(ratio))
                            .put("clear", ratio.isClear())
                            .put("ratio", ratio.ratio())
                            .put("error", ratio.error());
            result.set("seconds", seconds);
        }
    }
}
