package io.sluice.benchmarks.startup;

import io.sluice.benchmarks.comparison.Claim;
import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import io.sluice.benchmarks.comparison.Spread;
import io.sluice.benchmarks.report.Machine;
import io.sluice.benchmarks.report.Progress;
import io.sluice.benchmarks.report.ResultFile;
import io.sluice.benchmarks.startup.StartupOptions.OptionException;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Question: how long does it take from the start of the script until a TaskManager's slots are
 * registered, and until a JobManager answers, against the way stock Flink 2.3.0 starts them?
 *
 * <p>Command: {@code benchmarks/run startup}. Baseline: {@code stock-style-start.sh}, with the same
 * configuration, JVM arguments and log; it checks that the JVMs are started alike. The sides take
 * turns, each with a new process, behind one pair to warm up the page cache.
 *
 * <p>Exit code 0 whenever it could measure; 1 with one line on standard error if not.
 */
public final class StartupBenchmark {

    private static final int WARM_UP_PAIRS = 1;

    /**
     * @param ours measured, in the order of the runs
     * @param stockStyle as many
     */
    private record Measured(List<Start> ours, List<Start> stockStyle) {

        Pairs pairs(ToDoubleFunction<Start> value) {
            List<Pair> pairs = new ArrayList<>();
            for (int i = 0; i < ours.size(); i++) {
                pairs.add(
                        new Pair(
                                value.applyAsDouble(ours.get(i)),
                                value.applyAsDouble(stockStyle.get(i))));
            }
            return new Pairs(pairs);
        }
    }

    private final StartupOptions options;
    private final Path module;
    private final Distribution distribution;
    private final Instant started;
    private final Machine machine;

    private StartupBenchmark(
            StartupOptions options, Path module, Distribution distribution, Instant started) {
        this.options = options;
        this.module = module;
        this.distribution = distribution;
        this.started = started;
        this.machine = Machine.current();
    }

    public static void main(String[] args) {
        // Numbers in lines that programs read.
        Locale.setDefault(Locale.ROOT);
        if (List.of(args).contains("--help")) {
            System.out.println(StartupOptions.USAGE);
            return;
        }
        Interruption interruption = Interruption.ofCurrentThread();
        try {
            new StartupBenchmark(
                            StartupOptions.parse(List.of(args)),
                            Path.of(requiredProperty("sluice.benchmarks")),
                            Distribution.fromSystemProperty(),
                            Instant.now())
                    .run();
            interruption.disarm();
        } catch (OptionException e) {
            interruption.exit(e.getMessage());
        } catch (InterruptedException | IOException | RuntimeException e) {
            interruption.exit("Cannot measure the start-up: " + firstLine(e));
        }
    }

    private static String requiredProperty(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(
                    "the system property '%s' is not set. Start it with benchmarks/run."
                            .formatted(name));
        }
        return value;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    private void run() throws InterruptedException, IOException {
        Sandbox sandbox = Sandbox.create(module.resolve("target"));
        try (StartupLab lab = new StartupLab(distribution, sandbox, module, options.baseline())) {
            System.out.printf(
                    "Start-up of %s, %d pairs each, on %d cores with %s.%n",
                    distribution.home(), options.runs(), machine.cores(), machine.jdk());
            if (machine.isBusy()) {
                System.out.printf(
                        "The machine is busy (load %.1f): wall times are noisy, CPU times less so.%n",
                        machine.load());
            }
            Duration training = lab.train();
            System.out.printf(
                    "Made our class data archives in %.1f s, which users pay once; not counted.%n",
                    training.toMillis() / 1000.0);
            Map<StartedProcess, Measured> measured = measureAll(lab);
            print(measured);
            System.out.println("Results: " + write(measured, training));
        } catch (InterruptedException | IOException | RuntimeException e) {
            throw withLogs(e, sandbox);
        }
        sandbox.close();
    }
}
