package io.sluice.benchmarks.survival;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.session.BenchmarkMain;
import io.sluice.benchmarks.session.Machine;
import io.sluice.benchmarks.session.Progress;
import io.sluice.benchmarks.session.ResultFile;
import io.sluice.benchmarks.survival.Outcome.Died;
import io.sluice.benchmarks.survival.Outcome.Finished;
import io.sluice.examples.nexmark.AuctionLedgers;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Question: does a job whose state grows to three times its heap come to its end, with the exact
 * result, and how fast is it against RocksDB in the same memory?
 *
 * <p>Command: {@code benchmarks/run survival}. Baselines: stock Flink's {@code hashmap}, which is
 * meant to be out of memory each time, and stock Flink's {@code rocksdb}, tuned. Each run has new
 * processes, a TaskManager of the same size and the same stream as fast as it is taken; see {@link
 * Contender} for what each side makes of the memory. The sides take turns. A whole run ends with
 * the last checkpoint after the end of the stream, up to 4 s later on both sides; its beginning,
 * whose state fits the heap, includes the first seconds of a JVM.
 */
public final class SurvivalBenchmark {

    private final SurvivalOptions options;
    private final Path module;
    private final String commit;
    private final Distribution distribution;

    private SurvivalBenchmark(
            SurvivalOptions options, Path module, String commit, Distribution distribution) {
        this.options = options;
        this.module = module;
        this.commit = commit;
        this.distribution = distribution;
    }

    public static void main(String[] args) {
        BenchmarkMain.run(
                args,
                SurvivalOptions.usage(),
                "survival",
                (arguments, module, commit) ->
                        new SurvivalBenchmark(
                                        SurvivalOptions.parse(arguments),
                                        module,
                                        commit,
                                        Distribution.fromSystemProperty())
                                .run());
    }

    private void run() throws InterruptedException {
        Instant started = Instant.now();
        Machine machine = Machine.current();
        describe(machine);

        SurvivalReport report = new SurvivalReport(runAll());

        System.out.printf(
                "%nMedian (least-most) of the exact runs; the error of a ratio is half of its 95 %% interval.%n");
        report.tableRows().forEach(System.out::println);
        report.stateByHeap()
                .ifPresent(
                        ratio ->
                                System.out.printf(
                                        "The state came to %.1f times what filled the heap of hashmap, by records.%n",
                                        ratio));
        System.out.println("Results: " + write(report, started, machine));
        report.resultLines().forEach(System.out::println);
    }

    private void describe(Machine machine) {
        System.out.printf(
                "Survival of %s: %d runs of hashmap and adaptive, %d of rocksdb, %d events each, on %d cores with %s.%n",
                distribution.home(),
                options.runs(),
                options.rocksDbRuns(),
                options.events(),
                machine.cores(),
                machine.jdk());
        for (Contender contender : Contender.values()) {
            System.out.println("  " + contender.describe());
        }
        System.out.println("  RocksDB, in adaptive too: " + Contender.ROCKSDB.tuning());
        if (machine.isBusy()) {
            System.out.printf("The machine is busy (load %.1f): times vary.%n", machine.load());
        }
    }

    private Map<Contender, List<Outcome>> runAll() throws InterruptedException {
        NexmarkSettings stream = SurvivalRun.stream(options.events());
        AuctionLedgers expected = AuctionLedgers.of(stream);
        Map<Contender, List<Outcome>> outcomes = new EnumMap<>(Contender.class);
        Progress progress =
                new Progress(
                        System.out, System::nanoTime, 2 * options.runs() + options.rocksDbRuns());
        for (int run = 0; run < options.runs(); run++) {
            for (Contender contender : order(run)) {
                Outcome outcome = run(contender, stream, expected);
                outcomes.computeIfAbsent(contender, none -> new ArrayList<>()).add(outcome);
                progress.step(contender.backend() + " " + outcome.describe());
            }
        }
        return outcomes;
    }

    /**
     * Leaves the directory with all logs of a run that came to another end than it was meant to.
     */
    private Outcome run(Contender contender, NexmarkSettings stream, AuctionLedgers expected)
            throws InterruptedException {
        Sandbox sandbox = Sandbox.create(module.resolve("target"));
        Outcome outcome;
        try {
            outcome = SurvivalRun.run(contender, distribution, sandbox, stream, expected);
        } catch (InterruptedException e) {
            sandbox.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "%s All logs are in %s.".formatted(e.getMessage(), sandbox.log()), e);
        }
        if (isAsMeant(contender, outcome)) {
            sandbox.close();
        } else {
            System.out.printf("Not as meant; all logs are in %s.%n", sandbox.log());
        }
        return outcome;
    }

    /** Ours and RocksDB side by side, each first in every other run. */
    private List<Contender> order(int run) {
        if (run >= options.rocksDbRuns()) {
            return List.of(Contender.HASHMAP, Contender.ADAPTIVE);
        }
        return run % 2 == 0
                ? List.of(Contender.HASHMAP, Contender.ADAPTIVE, Contender.ROCKSDB)
                : List.of(Contender.HASHMAP, Contender.ROCKSDB, Contender.ADAPTIVE);
    }

    private static boolean isAsMeant(Contender contender, Outcome outcome) {
        return contender == Contender.HASHMAP
                ? outcome instanceof Died
                : outcome instanceof Finished finished && finished.exact();
    }

    private Path write(SurvivalReport report, Instant started, Machine machine) {
        ResultFile file =
                new ResultFile(
                        module.resolve("target/results"), "survival", started, commit, machine);
        file.root()
                .putObject("options")
                .put("runs", options.runs())
                .put("rocksdbRuns", options.rocksDbRuns())
                .put("events", options.events());
        ObjectNode configurations = file.root().putObject("configurations");
        for (Contender contender : Contender.values()) {
            ObjectNode configuration = configurations.putObject(contender.backend());
            contender.memory().toConfig().forEach(configuration::put);
            contender.tuning().forEach(configuration::put);
        }
        report.addTo(file.root().withObject("/results"));
        return file.write();
    }
}
