package io.sluice.benchmarks.backpressure;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.session.BenchmarkMain;
import io.sluice.benchmarks.session.Machine;
import io.sluice.benchmarks.session.Progress;
import io.sluice.benchmarks.session.ResultFile;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Question: what does it cost a job that backpressure is tracked?
 *
 * <p>Command: {@code benchmarks/run backpressure}. Baseline: the same distribution with {@code
 * sluice.backpressure.enabled: false}; for {@code --edges}, with {@code sluice.backpressure.edges:
 * false}. Measured is the throughput of {@link ShuffleJob}, whose steps are held back all the time,
 * on a JobManager and a TaskManager for each side.
 */
public final class BackpressureBenchmark {

    /*
     * To tell 1 % on a machine whose speed varies by more, both sides exist at the same time and
     * take turns of a second: one is stopped by SIGSTOP, JobManager and TaskManager, while the other
     * goes on. A pair of turns, one behind the other, gives one ratio.
     *
     * A turn is measured from its first moment. What falls due while a side stands still, such as a
     * look at the timers or a report, is done as soon as it goes on; without the first moments, a
     * part of what tracking does would be missing. 'settled' is without them, for comparison.
     *
     * Two JVMs differ by what they compiled when, for as long as they live, whatever their
     * configuration. So new processes are started for each round, and the error is that of rounds,
     * not of pairs: each round counts once, with the median of its pairs.
     */

    private static final Duration BEGINNING = Duration.ofMillis(100);

    private final BackpressureOptions options;
    private final Path module;
    private final String commit;
    private final Distribution distribution;
    private final Turns turns;

    private BackpressureBenchmark(
            BackpressureOptions options, Path module, String commit, Distribution distribution) {
        this.options = options;
        this.module = module;
        this.commit = commit;
        this.distribution = distribution;
        this.turns =
                new Turns(
                        options.turn(),
                        BEGINNING,
                        System::nanoTime,
                        time -> Thread.sleep(time.toMillis()));
    }

    public static void main(String[] args) {
        BenchmarkMain.run(
                args,
                BackpressureOptions.USAGE,
                "what tracking of backpressure costs",
                (arguments, module, commit) ->
                        new BackpressureBenchmark(
                                        BackpressureOptions.parse(arguments),
                                        module,
                                        commit,
                                        Distribution.fromSystemProperty())
                                .run());
    }

    private void run() throws InterruptedException {
        Instant started = Instant.now();
        Machine machine = Machine.current();
        describe(machine);

        List<BackpressureReport> reports = measure();

        System.out.printf(
                "%nMedian of the pairs of each round, and of the rounds; the error is half of the 95 %% interval.%n"
                        + "settled: without the first %d ms of each turn. waits/s: of all task threads of 'on'.%n",
                BEGINNING.toMillis());
        reports.forEach(report -> report.tableRows().forEach(System.out::println));
        System.out.println("Results: " + write(reports, started, machine));
        reports.forEach(report -> report.resultLines().forEach(System.out::println));
    }

    private void describe(Machine machine) {
        System.out.printf(
                "Cost of tracking backpressure in %s: %d rounds with %d turns of %d ms of each side, on %d cores with %s.%n",
                distribution.home(),
                options.rounds(),
                options.pairs(),
                options.turn().toMillis(),
                machine.cores(),
                machine.jdk());
        if (machine.isBusy()) {
            System.out.printf("The machine is busy (load %.1f): ratios vary.%n", machine.load());
        }
    }

    private List<BackpressureReport> measure() throws InterruptedException {
        Map<Contest, List<Round>> rounds = new EnumMap<>(Contest.class);
        Progress progress =
                new Progress(
                        System.out, System::nanoTime, options.rounds() * options.contests().size());
        for (int round = 0; round < options.rounds(); round++) {
            for (Contest contest : options.contests()) {
                Round measured = measure(contest, round % 2 == 0);
                rounds.computeIfAbsent(contest, none -> new ArrayList<>()).add(measured);
                progress.step(
                        "%s: on %.0f, off %.0f thousand/s, ratio %.3f"
                                .formatted(
                                        contest.label(),
                                        measured.pairs().ours().median() / 1000,
                                        measured.pairs().baseline().median() / 1000,
                                        measured.pairs().ratio().ratio()));
            }
        }
        return options.contests().stream()
                .map(
                        contest ->
                                new BackpressureReport(
                                        contest, rounds.getOrDefault(contest, List.of())))
                .toList();
    }

    /** Leaves the directory with all logs if it fails. */
    private Round measure(Contest contest, boolean onFirst) throws InterruptedException {
        Sandbox sandbox = Sandbox.create(module.resolve("target"));
        Round round;
        try {
            round = measure(contest, onFirst, sandbox);
        } catch (InterruptedException e) {
            sandbox.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "%s All logs are below %s."
                            .formatted(
                                    String.valueOf(e.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse(e.toString()),
                                    sandbox.root()),
                    e);
        }
        sandbox.close();
        return round;
    }

    /** Which side is started first, and warmed up first, changes with the order of the turns. */
    private Round measure(Contest contest, boolean onFirst, Sandbox sandbox)
            throws IOException, InterruptedException {
        try (Side first = start(contest, onFirst, sandbox);
                Side second = start(contest, !onFirst, sandbox)) {
            Side on = onFirst ? first : second;
            Side off = onFirst ? second : first;
            Map<String, Double> heldBack = first.warmUp(options.warmUp());
            Map<String, Double> heldBackToo = second.warmUp(options.warmUp());
            Round round =
                    new Round(
                            onFirst,
                            onFirst ? heldBack : heldBackToo,
                            turns.take(on, off, onFirst, options.pairs()));
            first.requireRunning();
            second.requireRunning();
            return round;
        }
    }

    private Side start(Contest contest, boolean on, Sandbox sandbox)
            throws IOException, InterruptedException {
        return Side.start(distribution, Sandbox.create(sandbox.root()), contest.configuration(on));
    }

    private Path write(List<BackpressureReport> reports, Instant started, Machine machine) {
        ResultFile file =
                new ResultFile(
                        module.resolve("target/results"), "backpressure", started, commit, machine);
        ObjectNode json =
                file.root()
                        .putObject("options")
                        .put("rounds", options.rounds())
                        .put("turns", options.pairs())
                        .put("turnMillis", options.turn().toMillis())
                        .put("beginningMillis", BEGINNING.toMillis())
                        .put("warmUpSeconds", options.warmUp().toSeconds());
        Side.configuration().forEach(json.withObject("/configuration")::put);
        reports.forEach(report -> report.addTo(file.root().withObject("/results")));
        return file.write();
    }
}
