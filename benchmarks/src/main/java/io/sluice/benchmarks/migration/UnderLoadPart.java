package io.sluice.benchmarks.migration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Allowance;
import io.sluice.benchmarks.comparison.Claim;
import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import io.sluice.benchmarks.comparison.Spread;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Moves under a steady load, see {@link UnderLoad}. */
record UnderLoadPart(int keys, int restSeconds, Place place) implements Part {

    @Override
    public String name() {
        return "load." + place.label();
    }

    @Override
    public String description() {
        return "%,d keys of value state under load, RocksDB in %s"
                .formatted(keys, place.directory());
    }

    @Override
    public Report measure(MigrationOptions options) throws IOException, InterruptedException {
        return new UnderLoadReport(
                name(),
                Fork.run(
                        UnderLoad.class,
                        "4g",
                        List.of(
                                place.directory().toString(),
                                Integer.toString(keys),
                                Integer.toString(options.cycles()),
                                Integer.toString(restSeconds))));
    }

    /** What records felt. */
    record UnderLoadReport(String name, JsonNode measured) implements Report {

        private static final String ROW = "%-22s %-14s %-9s %-12s %-24s %-24s";
        private static final String MORE = "--cycles";
        private static final String LATENESS = "latenessMillis";
        private static final String GAP = "gapMillis";
        private static final String THROUGHPUT_GOAL = "0.85";
        private static final int ALLOWED_MILLIS = 10;

        /** A move, and the rest before it. */
        private enum Move {
            OUT("out", "heap"),
            IN("in", "disk");

            private final String moving;
            private final String before;

            Move(String moving, String before) {
                this.moving = moving;
                this.before = before;
            }
        }

        static String tableHead() {
            return ROW.formatted(
                    "",
                    "",
                    "seconds",
                    "records/s",
                    "late: p99.9 (max), ms",
                    "gap: p99.9 (max), ms");
        }

        @Override
        public List<String> tableRows() {
            return List.of(
                    row("rest on heap", "heap"),
                    row("moving out", "out"),
                    row("rest on disk", "disk"),
                    row("moving in", "in"));
        }

        private String row(String what, String part) {
            return ROW.formatted(
                    name,
                    what,
                    "%.2f".formatted(spread(part, "seconds").median()),
                    "%.0f".formatted(spread(part, "recordsPerSecond").median()),
                    tail(part, LATENESS),
                    tail(part, GAP));
        }

        private String tail(String part, String times) {
            return "%.1f (%.1f)"
                    .formatted(
                            spread(part, times + "/p999").median(),
                            spread(part, times + "/max").max());
        }

        private Spread spread(String part, String number) {
            return Spread.of(values(part, number));
        }

        /** One of each cycle. */
        private List<Double> values(String part, String number) {
            List<Double> values = new ArrayList<>();
            measured.get("cycles")
                    .forEach(
                            cycle ->
                                    values.add(
                                            cycle.at("/%s/%s".formatted(part, number)).asDouble()));
            return values;
        }

        @Override
        public List<String> resultLines() {
            List<String> lines = new ArrayList<>();
            for (Move move : Move.values()) {
                lines.addAll(throughputClaim(move).resultLines(throughput(move), MORE));
                lines.add(pauseClaim(move).resultLine(differences(move, GAP)));
                lines.add(latenessClaim(move).resultLine(differences(move, LATENESS)));
            }
            return lines;
        }

        private Claim throughputClaim(Move move) {
            return Claim.atLeast(claimName(move, "throughput"), THROUGHPUT_GOAL);
        }

        private Allowance pauseClaim(Move move) {
            return new Allowance(claimName(move, "pause.p999"), ALLOWED_MILLIS);
        }

        private Allowance latenessClaim(Move move) {
            return new Allowance(claimName(move, "lateness.p999"), ALLOWED_MILLIS);
        }

        private String claimName(Move move, String what) {
            return "migration.%s.%s.%s".formatted(name, move.moving, what);
        }

        private Comparison throughput(Move move) {
            List<Double> moving = values(move.moving, "recordsPerSecond");
            List<Double> before = values(move.before, "recordsPerSecond");
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < moving.size(); i++) {
                pairs.add(new Pair(moving.get(i), before.get(i)));
            }
            return new Pairs(pairs).ratio();
        }

        /** How much longer the 99.9th percentile is than in the rest before, in each cycle. */
        private List<Double> differences(Move move, String times) {
            List<Double> moving = values(move.moving, times + "/p999");
            List<Double> before = values(move.before, times + "/p999");
            List<Double> differences = new ArrayList<>();
            for (int i = 0; i < moving.size(); i++) {
                differences.add(moving.get(i) - before.get(i));
            }
            return differences;
        }

        @Override
        public void addTo(ObjectNode json) {
            for (Move move : Move.values()) {
                Comparison throughput = throughput(move);
                Claim claim = throughputClaim(move);
                json.putObject(claim.name())
                        .put("goal", claim.goal())
                        .put("met", claim.isMetBy(throughput))
                        .put("clear", throughput.isClear())
                        .put("ratio", throughput.ratio())
                        .put("error", throughput.error());
                add(json, pauseClaim(move), differences(move, GAP));
                add(json, latenessClaim(move), differences(move, LATENESS));
            }
            json.set("migration." + name, measured);
        }

        private static void add(ObjectNode json, Allowance claim, List<Double> differences) {
            ObjectNode result =
                    json.putObject(claim.name())
                            .put("goalMillis", claim.allowedMillis())
                            .put("met", claim.isMetBy(differences));
            differences.forEach(result.putArray("differenceMillis")::add);
        }
    }
}
