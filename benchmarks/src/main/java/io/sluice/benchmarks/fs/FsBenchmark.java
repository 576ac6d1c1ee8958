package io.sluice.benchmarks.fs;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.fs.SinkPart.Sink;
import io.sluice.benchmarks.session.BenchmarkMain;
import io.sluice.benchmarks.session.Machine;
import io.sluice.benchmarks.session.Progress;
import io.sluice.benchmarks.session.ResultFile;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Questions: what does a binding cost, and what do checkpoints and committed files cost the
 * NameNode, as Flink has them and with what the distribution has against it?
 *
 * <p>Command: {@code benchmarks/run fs}. The baseline of a binding is the plain scheme, of the same
 * Hadoop with the same settings against the same HDFS cluster, by turns in the same process. The
 * baseline of the profile is stock Flink's configuration, over the plain scheme; the jobs run side
 * by side in two TaskManagers, and each has a HDFS cluster of its own, whose calls are counted
 * exactly. Times are of this machine's disk; counts are not.
 */
public final class FsBenchmark {

    private final FsOptions options;
    private final Path module;
    private final String commit;
    private final Distribution distribution;

    private FsBenchmark(FsOptions options, Path module, String commit, Distribution distribution) {
        this.options = options;
        this.module = module;
        this.commit = commit;
        this.distribution = distribution;
    }

    public static void main(String[] args) {
        BenchmarkMain.run(
                args,
                FsOptions.USAGE,
                "file systems",
                (arguments, module, commit) ->
                        new FsBenchmark(
                                        FsOptions.parse(arguments),
                                        module,
                                        commit,
                                        Distribution.fromSystemProperty())
                                .run());
    }

    private void run() throws IOException, InterruptedException {
        Instant started = Instant.now();
        Machine machine = Machine.current();
        describe(machine);

        FsReport report = measure();

        System.out.printf(
                "%nMedians; the error is half of the 95 %% interval. Calls are of the NameNode, without renewed leases.%n");
        report.tableRows().forEach(System.out::println);
        System.out.println("Results: " + write(report, started, machine));
        report.resultLines().forEach(System.out::println);
    }

    private void describe(Machine machine) {
        System.out.printf(
                "File systems of %s: %d pairs of each operation, %d checkpoints with %d MiB of state, on %d cores with %s.%n",
                distribution.home(),
                options.pairs(),
                options.checkpoints(),
                options.stateMebibytes(),
                machine.cores(),
                machine.jdk());
        if (machine.isBusy()) {
            System.out.printf("The machine is busy (load %.1f): ratios vary.%n", machine.load());
        }
    }

    /** Leaves the directory with all logs if it fails. */
    private FsReport measure() throws IOException, InterruptedException {
        Sandbox sandbox = Sandbox.create(module.resolve("target"));
        FsReport report;
        try {
            report = measure(sandbox);
        } catch (InterruptedException e) {
            sandbox.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "%s All logs are below %s.".formatted(e.getMessage(), sandbox.root()), e);
        }
        sandbox.close();
        return report;
    }

    private FsReport measure(Sandbox sandbox) throws IOException, InterruptedException {
        List<Backend> backends =
                options.onHeap() ? List.of(Backend.values()) : List.of(Backend.ROCKSDB);
        Progress progress = new Progress(System.out, System::nanoTime, 2 + backends.size());
        FilePart.Measured files = new FilePart(sandbox, options).measure();
        progress.step("read, write, list");
        Map<Sink, SinkPart.Measured> sinks = new SinkPart(distribution, sandbox).measure();
        progress.step("files of a sink");
        CheckpointPart part = new CheckpointPart(distribution, sandbox, options);
        Map<Backend, Map<Contender, List<Checkpoint>>> checkpoints = new EnumMap<>(Backend.class);
        for (Backend backend : backends) {
            checkpoints.put(backend, part.measure(backend));
            progress.step("checkpoints of " + backend.label());
        }
        return new FsReport(files, checkpoints, sinks);
    }

    private Path write(FsReport report, Instant started, Machine machine) {
        ResultFile file =
                new ResultFile(module.resolve("target/results"), "fs", started, commit, machine);
        file.root()
                .putObject("options")
                .put("pairs", options.pairs())
                .put("checkpoints", options.checkpoints())
                .put("stateMebibytes", options.stateMebibytes());
        ObjectNode configurations = file.root().putObject("configurations");
        for (Backend backend : Backend.values()) {
            ObjectNode configuration = configurations.putObject(backend.label());
            backend.memory().toConfig().forEach(configuration::put);
            backend.tuning().forEach(configuration::put);
        }
        report.addTo(file.root().withObject("/results"));
        return file.write();
    }
}
