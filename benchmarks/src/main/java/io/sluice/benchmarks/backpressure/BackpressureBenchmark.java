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
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Question: what does it cost a job that backpressure is tracked?
 *
 * <p>Command: {@code benchmarks/run backpressure}. Measured is the throughput of {@link
 * ShuffleJob}, whose steps are held back all the time. Baseline: the same job in the same
 * TaskManager with tracking suspended, so that nobody listens to the timers or looks at them; with
 * {@code --edges} the same where each output is watched, too.
 */
public final class BackpressureBenchmark {

    /*
     * Two JVMs differ by what they compiled when, for as long as they live, whatever their
     * configuration: by 6 % here, which no number of rounds that anybody waits for averages to
     * less than 1 %. So tracking is switched on and off by turns in one TaskManager. A pair of
     * turns, whose slices alternate, gives one ratio. Timers are looked at once a second although
     * tracking is on for half of the time: that part of the cost counts twice. The JobManager's one
     * question a second is answered in both, so that it does not count: some hundred bytes.
     *
     * What a JVM compiled may still favour one of the two, so new processes are started for each
     * round, and the error is that of rounds, not of pairs: each round counts once, with the median
     * of its pairs.
     */

    private static final int WARM_UP_PAIRS = 5;

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
                        options.slice(),
                        BackpressureOptions.SLICES,
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
                        + "waits/s: of all task threads of 'on'.%n");
        reports.forEach(report -> report.tableRows().forEach(System.out::println));
        System.out.println("Results: " + write(reports, started, machine));
        reports.forEach(report -> report.resultLines().forEach(System.out::println));
    }

    private void describe(Machine machine) {
        System.out.printf(
                "Cost of tracking backpressure in %s: %d rounds with %d turns with and as many without, each of %d slices of %d ms, on %d cores with %s.%n",
                distribution.home(),
                options.rounds(),
                options.pairs(),
                BackpressureOptions.SLICES,
                options.slice().toMillis(),
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

    private Round measure(Contest contest, boolean onFirst, Sandbox sandbox)
            throws IOException, InterruptedException {
        try (MeasuredJob job =
                MeasuredJob.start(
                        distribution, Sandbox.create(sandbox.root()), contest.configuration())) {
            Map<String, Double> heldBack = job.warmUp(options.warmUp());
            // Both have been compiled before they are measured.
            turns.take(job, onFirst, WARM_UP_PAIRS);
            Round round = new Round(onFirst, heldBack, turns.take(job, onFirst, options.pairs()));
            job.requireRunning();
            return round;
        }
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
                        .put("slicesOfTurn", BackpressureOptions.SLICES)
                        .put("sliceMillis", options.slice().toMillis())
                        .put("warmUpSeconds", options.warmUp().toSeconds());
        MeasuredJob.configuration().forEach(json.withObject("/configuration")::put);
        reports.forEach(report -> report.addTo(file.root().withObject("/results")));
        return file.write();
    }
}
