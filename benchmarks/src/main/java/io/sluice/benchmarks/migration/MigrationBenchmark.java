package io.sluice.benchmarks.migration;

import io.sluice.benchmarks.backend.RocksTuning;
import io.sluice.benchmarks.migration.FullPacePart.FullPaceReport;
import io.sluice.benchmarks.migration.Part.Report;
import io.sluice.benchmarks.migration.UnderLoadPart.UnderLoadReport;
import io.sluice.benchmarks.session.BenchmarkMain;
import io.sluice.benchmarks.session.Machine;
import io.sluice.benchmarks.session.OptionException;
import io.sluice.benchmarks.session.Progress;
import io.sluice.benchmarks.session.ResultFile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Question: how long do moves of keyed state between heap and RocksDB take, and what do records
 * that are processed meanwhile feel of them?
 *
 * <p>Command: {@code benchmarks/run migration}. Baselines: for moves at full pace without load,
 * what stock Flink's RocksDB, with the same options and in the same JVM, takes to write the same
 * rows in batches (out) and to scan them (in), without any work of Flink; see {@link FullPace}. For
 * moves under load, the same job in the same run before the move; see {@link UnderLoad}.
 */
public final class MigrationBenchmark {

    private final MigrationOptions options;
    private final Path module;
    private final String commit;

    private MigrationBenchmark(MigrationOptions options, Path module, String commit) {
        this.options = options;
        this.module = module;
        this.commit = commit;
    }

    public static void main(String[] args) {
        BenchmarkMain.run(
                args,
                MigrationOptions.USAGE,
                "moves of state",
                (arguments, module, commit) ->
                        new MigrationBenchmark(MigrationOptions.parse(arguments), module, commit)
                                .run());
    }

    private void run() throws IOException, InterruptedException {
        List<Part> parts =
                allParts().stream()
                        .filter(part -> options.parts().matcher(part.name()).find())
                        .toList();
        if (parts.isEmpty()) {
            throw new OptionException(
                    "No part matches '%s'. There are: %s."
                            .formatted(
                                    options.parts(),
                                    String.join(
                                            ", ", allParts().stream().map(Part::name).toList())));
        }
        Instant started = Instant.now();
        Machine machine = Machine.current();
        describe(parts, machine);

        Progress progress = new Progress(System.out, System::nanoTime, parts.size());
        List<Report> reports = new ArrayList<>();
        for (Part part : parts) {
            System.out.printf("%s: %s%n", part.name(), part.description());
            reports.add(part.measure(options));
            progress.step(part.name());
        }

        printTables(reports);
        System.out.println("Results: " + write(reports, started, machine));
        reports.forEach(report -> report.resultLines().forEach(System.out::println));
    }

    private List<Part> allParts() {
        List<Place> places =
                options
                        .directories()
                        .orElseGet(
                                () ->
                                        options.quick()
                                                ? List.of(module.resolve("target/migration"))
                                                : List.of(
                                                        module.resolve("target/migration"),
                                                        Path.of("/dev/shm/sluice-migration")))
                        .stream()
                        .map(Place::of)
                        .toList();
        List<Part> parts = new ArrayList<>();
        for (Place place : places) {
            for (Rows.Kind kind : Rows.Kind.values()) {
                parts.add(new FullPacePart(new Rows(kind, 500_000), "500k", place));
                if (!options.quick()) {
                    parts.add(new FullPacePart(new Rows(kind, 5_000_000), "5M", place));
                }
            }
            parts.add(
                    options.quick()
                            ? new UnderLoadPart(300_000, 2, place)
                            : new UnderLoadPart(1_000_000, 3, place));
        }
        return parts;
    }

    private void describe(List<Part> parts, Machine machine) {
        System.out.printf(
                "Moves of state: %d parts, each in a new JVM (%s), on %d cores with %s.%n%s.%n",
                parts.size(),
                String.join(" ", Fork.JVM_ARGUMENTS),
                machine.cores(),
                machine.jdk(),
                RocksTuning.describe());
        System.out.println(
                """
                Full pace: taskShare 1.0, no records. Entries have 8 bytes of key and 100 bytes of value; maps have ten.
                  The baseline of out is a bulk write of the same rows in the same order of key groups, serialized before
                  the clock starts, in batches of 1 MiB without the write-ahead log; that of in is a scan of them that reads
                  key and value bytes. Neither includes Flink's serializers, hash tables or deletion of what was moved.
                Under load: a job with one slot and the default taskShare 0.1; each record reads and writes 100 bytes of a
                  random key. Records are due at a fixed rate, six tenths of what stock RocksDB processes in the same run. Late is
                  the time from then until a record was processed; a gap is the time from one processed record to the next.""");
        if (machine.isBusy()) {
            System.out.printf("The machine is busy (load %.1f): times vary.%n", machine.load());
        }
    }

    private static void printTables(List<Report> reports) {
        System.out.printf(
                "%nMedian (least-most); the error of a ratio is half of its 95 %% interval.%n%s%n",
                FullPaceReport.tableHead());
        printRows(reports, FullPaceReport.class);
        System.out.printf(
                "%nMedian of the cycles (worst of all).%n%s%n", UnderLoadReport.tableHead());
        printRows(reports, UnderLoadReport.class);
    }

    private static void printRows(List<Report> reports, Class<? extends Report> type) {
        reports.stream()
                .filter(type::isInstance)
                .forEach(report -> report.tableRows().forEach(System.out::println));
    }

    private Path write(List<Report> reports, Instant started, Machine machine) {
        ResultFile file =
                new ResultFile(
                        module.resolve("target/results"), "migration", started, commit, machine);
        file.root()
                .putObject("options")
                .put("rounds", options.rounds())
                .put("cycles", options.cycles())
                .put("parts", options.parts().pattern())
                .put("quick", options.quick())
                .put("jvm", String.join(" ", Fork.JVM_ARGUMENTS))
                .put("rocksdb", RocksTuning.describe());
        reports.forEach(report -> report.addTo(file.root().withObject("/results")));
        return file.write();
    }
}
