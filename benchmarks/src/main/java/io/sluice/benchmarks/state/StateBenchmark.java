package io.sluice.benchmarks.state;

import io.sluice.benchmarks.backend.RocksTuning;
import io.sluice.benchmarks.backend.Subject;
import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import io.sluice.benchmarks.comparison.Spread;
import io.sluice.benchmarks.session.BenchmarkMain;
import io.sluice.benchmarks.session.Machine;
import io.sluice.benchmarks.session.OptionException;
import io.sluice.benchmarks.session.Progress;
import io.sluice.benchmarks.session.ResultFile;
import io.sluice.testkit.cluster.Sandbox;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Question: what does an access to keyed state cost in the adaptive backend, against Flink's own
 * two?
 *
 * <p>Command: {@code benchmarks/run state}. Baselines: HashMapStateBackend, against ours with all
 * on heap; EmbeddedRocksDBStateBackend, against ours with all in RocksDB. Each operation is
 * measured by JMH in pairs of new JVMs, ours and stock, which take turns of a tenth of a second:
 * what else happens on the machine changes faster than a JVM starts, and hits both alike. All JVMs
 * have the same arguments, all runs the same keys in the same order, and both RocksDBs the same
 * options and rows that were flushed and compacted. To set the key is part of an operation, and so
 * is one look at the clock, which keeps the processor from running operations into each other.
 */
public final class StateBenchmark {

    /**
     * G1, as a TaskManager has it on this many cores; a heap that is never short. With one thread
     * of the collector, entries lie in the same order in each JVM; with two they do not, which
     * makes the iteration of maps up to twice as fast or slow.
     */
    private static final List<String> JVM_ARGUMENTS =
            List.of(
                    "-XX:+UseG1GC",
                    "-Xms3g",
                    "-Xmx3g",
                    "-Xmn1g",
                    "-XX:-UsePerfData",
                    "-XX:ParallelGCThreads=1");

    private static final TimeValue TURN = TimeValue.milliseconds(100);
    private static final int WARM_UP_TURNS = 10;
    private static final int TURNS = 40;

    private final StateOptions options;
    private final Path module;
    private final String commit;

    private StateBenchmark(StateOptions options, Path module, String commit) {
        this.options = options;
        this.module = module;
        this.commit = commit;
    }

    public static void main(String[] args) {
        BenchmarkMain.run(
                args,
                StateOptions.USAGE,
                "access to state",
                (arguments, module, commit) ->
                        new StateBenchmark(StateOptions.parse(arguments), module, commit).run());
    }

    private void run() throws IOException, InterruptedException {
        List<Operation> operations =
                Operation.all()
                        .filter(operation -> options.operations().matcher(operation.name()).find())
                        .toList();
        if (operations.isEmpty()) {
            throw new OptionException(
                    "No operation matches '%s'. There are: %s."
                            .formatted(
                                    options.operations(),
                                    String.join(
                                            ", ", Operation.all().map(Operation::name).toList())));
        }
        Instant started = Instant.now();
        Machine machine = Machine.current();
        describe(operations, machine);
        // Others may measure at the same time; that the machine is busy was said.
        System.setProperty("jmh.ignoreLock", "true");

        List<StateReport> reports = report(measure(operations));

        System.out.printf(
                "%nMedian of %d; the error of a ratio is half of its 95 %% interval.%n%s",
                options.pairs(), OperationReport.tableHead());
        reports.forEach(
                report ->
                        report.operations()
                                .forEach(operation -> System.out.print(operation.tableRow())));
        System.out.println("Results: " + write(reports, started, machine));
        reports.forEach(report -> report.resultLines().forEach(System.out::println));
    }

    private void describe(List<Operation> operations, Machine machine) {
        System.out.printf(
                "State access: %d operations, %d pairs each, on %d cores with %s.%n",
                operations.size(), options.pairs(), machine.cores(), machine.jdk());
        System.out.printf(
                "Each side in a new JVM: %s. Set up: %d keys on heap, %d on disk, random access.%n%s.%n",
                String.join(" ", JVM_ARGUMENTS),
                Operation.Tier.HEAP.keys(),
                Operation.Tier.DISK.keys(),
                RocksTuning.describe());
        if (machine.isBusy()) {
            System.out.printf("The machine is busy (load %.1f): ratios vary.%n", machine.load());
        }
    }

    private Map<Operation, List<Pair>> measure(List<Operation> operations)
            throws IOException, InterruptedException {
        Progress progress =
                new Progress(System.out, System::nanoTime, options.pairs() * operations.size());
        Map<Operation, List<Pair>> pairs = new LinkedHashMap<>();
        try (Sandbox sandbox = Sandbox.create(module.resolve("target"))) {
            for (int pair = 0; pair < options.pairs(); pair++) {
                for (Operation operation : operations) {
                    Pair measured = measure(operation, pair % 2 == 0, sandbox);
                    pairs.computeIfAbsent(operation, any -> new ArrayList<>()).add(measured);
                    progress.step(
                            "%s: ours %.0f, stock %.0f thousand/s"
                                    .formatted(
                                            operation.name(),
                                            measured.ours() / 1000,
                                            measured.baseline() / 1000));
                }
            }
        }
        return pairs;
    }

    /** Runs both JVMs at the same time; of their iterations, only one runs at any time. */
    private Pair measure(Operation operation, boolean oursFirst, Sandbox sandbox)
            throws IOException, InterruptedException {
        Path turns = Files.createTempFile(sandbox.directory("state"), "turns", "");
        ExecutorService sides = Executors.newFixedThreadPool(2);
        try {
            Future<Double> ours =
                    sides.submit(
                            () -> measure(operation, operation.tier().ours(), turns, oursFirst));
            Future<Double> stock =
                    sides.submit(
                            () -> measure(operation, operation.tier().stock(), turns, !oursFirst));
            return new Pair(ours.get(), stock.get());
        } catch (ExecutionException e) {
            throw new IllegalStateException("Could not measure " + operation.name(), e.getCause());
        } finally {
            sides.shutdownNow();
            Files.delete(turns);
        }
    }

    /** Returns operations a second, of the median iteration. */
    private double measure(Operation operation, Subject subject, Path turns, boolean first)
            throws RunnerException {
        Options fork =
                new OptionsBuilder()
                        .include(operation.pattern())
                        .param("subject", subject.name())
                        .param("keys", Integer.toString(operation.tier().keys()))
                        .param("directory", turns.resolveSibling(subject.name()).toString())
                        .param("turns", turns.toString())
                        .param("first", Boolean.toString(first))
                        .forks(1)
                        .warmupIterations(options.quick() ? 4 : WARM_UP_TURNS)
                        .warmupTime(TURN)
                        .measurementIterations(options.quick() ? 10 : TURNS)
                        .measurementTime(TURN)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .jvmArgs(JVM_ARGUMENTS.toArray(String[]::new))
                        .build();
        return Spread.of(
                        new Runner(fork)
                                .runSingle().getAggregatedResult().getIterationResults().stream()
                                        .map(turn -> turn.getPrimaryResult().getScore())
                                        .toList())
                .median();
    }

    private static List<StateReport> report(Map<Operation, List<Pair>> pairs) {
        return Arrays.stream(Operation.Tier.values())
                .map(
                        tier ->
                                new StateReport(
                                        tier,
                                        pairs.entrySet().stream()
                                                .filter(entry -> entry.getKey().tier() == tier)
                                                .map(
                                                        entry ->
                                                                new OperationReport(
                                                                        entry.getKey(),
                                                                        new Pairs(
                                                                                entry.getValue())))
                                                .toList()))
                .filter(report -> !report.operations().isEmpty())
                .toList();
    }

    private Path write(List<StateReport> reports, Instant started, Machine machine) {
        ResultFile file =
                new ResultFile(module.resolve("target/results"), "state", started, commit, machine);
        file.root()
                .putObject("options")
                .put("pairs", options.pairs())
                .put("operations", options.operations().pattern())
                .put("quick", options.quick())
                .put("jvm", String.join(" ", JVM_ARGUMENTS))
                .put("rocksdb", RocksTuning.describe());
        reports.forEach(report -> report.addTo(file.root().withObject("/results")));
        return file.write();
    }
}
