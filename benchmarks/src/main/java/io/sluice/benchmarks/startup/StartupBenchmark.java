package io.sluice.benchmarks.startup;

import io.sluice.benchmarks.session.Interruption;
import io.sluice.benchmarks.session.Machine;
import io.sluice.benchmarks.session.Progress;
import io.sluice.benchmarks.session.ResultFile;
import io.sluice.benchmarks.startup.StartupOptions.OptionException;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Question: how long does it take from the start of the script until a TaskManager's slots are
 * registered, and until a JobManager answers, against the way stock Flink 2.3.0 starts them?
 *
 * <p>Command: {@code benchmarks/run startup}. Baseline: {@code stock-style-start.sh}, with the same
 * configuration, JVM arguments and log; it is checked that both sides start the same JVM. The sides
 * take turns, each with a new process, behind one pair that warms up the page cache and the
 * JobManager.
 *
 * <p>Exit code 0 whenever it could measure; 1 with one line on standard error if not.
 */
public final class StartupBenchmark {

    private static final int WARM_UP_PAIRS = 1;

    private final StartupOptions options;
    private final Path module;
    private final Distribution distribution;
    private final String commit;

    private StartupBenchmark(
            StartupOptions options, Path module, Distribution distribution, String commit) {
        this.options = options;
        this.module = module;
        this.distribution = distribution;
        this.commit = commit;
    }

    public static void main(String[] args) {
        // For lines that programs read.
        Locale.setDefault(Locale.ROOT);
        if (List.of(args).contains("--help")) {
            System.out.println(StartupOptions.USAGE);
            return;
        }
        Interruption interruption = Interruption.ofCurrentThread();
        try {
            new StartupBenchmark(
                            StartupOptions.parse(List.of(args)),
                            Path.of(property("sluice.benchmarks")),
                            Distribution.fromSystemProperty(),
                            property("sluice.commit"))
                    .run();
            interruption.exit(0);
        } catch (OptionException e) {
            System.err.println(e.getMessage());
            interruption.exit(1);
        } catch (InterruptedException | IOException | RuntimeException e) {
            if (!interruption.happened()) {
                System.err.println("Cannot measure the start-up: " + firstLine(e));
            }
            interruption.exit(1);
        }
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(
                    "The system property '%s' is not set. Start it with benchmarks/run."
                            .formatted(name));
        }
        return value;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.toString())
                .replace(" Last lines of its output:", "");
    }

    private void run() throws InterruptedException, IOException {
        Path rpcLoader = StartupLab.rpcLoader(module.resolve("target/stock"));
        Sandbox sandbox = Sandbox.create(module.resolve("target"));
        try (StartupLab lab =
                new StartupLab(
                        distribution,
                        sandbox,
                        module.resolve("src/main/scripts/stock-style-start.sh"),
                        rpcLoader,
                        options.baseline())) {
            measure(lab);
        } catch (InterruptedException e) {
            sandbox.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "%s All logs are in %s.".formatted(firstLine(e), sandbox.log()), e);
        }
        sandbox.close();
    }

    private void measure(StartupLab lab) throws InterruptedException, IOException {
        Instant started = Instant.now();
        Machine machine = Machine.current();
        System.out.printf(
                "Start-up of %s: %d pairs each, on %d cores with %s.%n",
                distribution.home(), options.runs(), machine.cores(), machine.jdk());
        if (machine.isBusy()) {
            System.out.printf(
                    "The machine is busy (load %.1f): wall times vary, CPU times less so.%n",
                    machine.load());
        }
        Duration training = lab.train();
        System.out.printf(
                "Made our class data archives in %.1f s: users pay that once, it is not counted.%n",
                seconds(training));

        List<StartupReport> reports = measureAll(lab);

        System.out.printf(
                "%nMedian of %d (least-most); the error of a ratio is half of its 95 %% interval.%n%s",
                options.runs(), StartupReport.tableHead());
        reports.forEach(report -> System.out.print(report.tableRows()));
        System.out.println("Results: " + write(reports, started, machine, training));
        reports.forEach(report -> report.resultLines().forEach(System.out::println));
    }

    private List<StartupReport> measureAll(StartupLab lab)
            throws InterruptedException, IOException {
        int processes = StartedProcess.values().length;
        Progress progress =
                new Progress(
                        System.out, System::nanoTime, processes * (WARM_UP_PAIRS + options.runs()));
        List<StartupReport> reports = new ArrayList<>();
        for (StartedProcess process : StartedProcess.values()) {
            List<Start> ours = new ArrayList<>();
            List<Start> stockStyle = new ArrayList<>();
            for (int run = -WARM_UP_PAIRS; run < options.runs(); run++) {
                Start our = lab.measure(process, Side.OURS);
                Start stock = lab.measure(process, Side.STOCK_STYLE);
                requireSameCommand(process, our.commandLine(), stock.commandLine());
                if (run >= 0) {
                    ours.add(our);
                    stockStyle.add(stock);
                }
                progress.step(
                        "%s: ours %.2f s, stock-style %.2f s%s"
                                .formatted(
                                        process.scriptName(),
                                        our.wallSeconds(),
                                        stock.wallSeconds(),
                                        run < 0 ? " (warm-up)" : ""));
            }
            reports.add(new StartupReport(process, ours, stockStyle));
        }
        return reports;
    }

    private static void requireSameCommand(
            StartedProcess process, CommandLine ours, CommandLine stockStyle) {
        if (!ours.equals(stockStyle)) {
            throw new IllegalStateException(
                    "The two sides start different %ss: only ours has %s, only the stock-style one has %s. Make stock-style-start.sh pass what bin/launch.sh passes."
                            .formatted(
                                    process.scriptName(),
                                    ours.without(stockStyle),
                                    stockStyle.without(ours)));
        }
    }

    private Path write(
            List<StartupReport> reports, Instant started, Machine machine, Duration training) {
        ResultFile file =
                new ResultFile(
                        module.resolve("target/results"), "startup", started, commit, machine);
        file.root()
                .put("archiveTrainingSeconds", seconds(training))
                .putObject("options")
                .put("runs", options.runs())
                .put("warmUps", WARM_UP_PAIRS)
                .put("baseline", options.baseline().argument());
        reports.forEach(report -> report.addTo(file.root().withObject("/results")));
        return file.write();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
