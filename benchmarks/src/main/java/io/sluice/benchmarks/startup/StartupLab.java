package io.sluice.benchmarks.startup;

import io.sluice.benchmarks.startup.StartupOptions.Baseline;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts processes of either side in one sandbox and measures how long they take. Both sides share
 * the configuration, the log configuration, the plugins, the folder of temporary files and the way
 * of measuring. Not thread-safe.
 *
 * <p>All TaskManagers register at one JobManager, which is started once and by us: it is not what
 * is measured, so it is best the same for both. As a JVM gets faster while it runs, the sides take
 * turns.
 */
final class StartupLab implements AutoCloseable {

    private static final Duration READY_DEADLINE = Duration.ofMinutes(2);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
    private static final Duration TRAINING_DEADLINE = Duration.ofMinutes(6);
    private static final Await POLLING = Await.every(Duration.ofMillis(10));

    /** A JobManager is at rest if it uses no more than this in a {@link #REST_WINDOW}. */
    private static final Duration REST_CPU = Duration.ofMillis(20);

    private static final Duration REST_WINDOW = Duration.ofMillis(250);

    private final Installation installation;
    private final Path stockStyleScript;
    private final Path rpcLoader;
    private final Baseline baseline;
    private final FlinkRest rest;
    private @Nullable LaunchedProcess jobManager;

    /**
     * @param stockStyleScript starts the baseline
     * @param rpcLoader the jar that stock Flink has in the place of our loader of the RPC system
     */
    StartupLab(
            Distribution distribution,
            Sandbox sandbox,
            Path stockStyleScript,
            Path rpcLoader,
            Baseline baseline) {
        this.installation = new Installation(distribution, sandbox, Map.of());
        this.stockStyleScript = stockStyleScript;
        this.rpcLoader = rpcLoader;
        this.baseline = baseline;
        this.rest = installation.rest();
    }

    /** Returns the jar that the build of this module puts into {@code directory}. */
    static Path rpcLoader(Path directory) {
        List<Path> jars = List.of();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
            } catch (IOException e) {
                throw new IllegalStateException("Cannot read %s.".formatted(directory), e);
            }
        }
        if (jars.size() != 1) {
            throw new IllegalStateException(
                    "%s holds %d jars, but must hold the flink-rpc-akka-loader jar and no other. Build it with 'mvn -pl benchmarks -am clean package'."
                            .formatted(directory, jars.size()));
        }
        return jars.get(0);
    }

    /** Makes our class data archives and returns how long that took. Users pay it once. */
    Duration train() throws InterruptedException {
        return ours("train-cds.sh").run(TRAINING_DEADLINE).requireSuccess().took();
    }

    Start measure(StartedProcess process, Side side) throws InterruptedException, IOException {
        return switch (process) {
            case TASKMANAGER -> measureTaskManager(side);
            case JOBMANAGER -> measureJobManager(side);
        };
    }

    private Start measureTaskManager(Side side) throws InterruptedException, IOException {
        awaitRestingJobManager();
        Start start =
                measure(
                        StartedProcess.TASKMANAGER,
                        side,
                        "the slots of the TaskManager",
                        () -> rest.overview().slotsTotal() > 0);
        POLLING.until(
                "the JobManager to forget the slots",
                STOP_DEADLINE,
                () -> rest.overview().slotsTotal() == 0);
        return start;
    }

    private Start measureJobManager(Side side) throws InterruptedException, IOException {
        stopJobManager();
        return measure(
                StartedProcess.JOBMANAGER,
                side,
                "an answer of the JobManager",
                () -> rest.overview().slotsTotal() == 0);
    }

    private Start measure(
            StartedProcess started, Side side, String what, Await.Probe<Boolean> isReady)
            throws InterruptedException, IOException {
        Command command = command(started, side);
        long startNanos = System.nanoTime();
        try (LaunchedProcess process = command.start(started.scriptName() + "-" + side)) {
            POLLING.until(
                    what,
                    READY_DEADLINE,
                    () -> {
                        process.requireAlive();
                        return isReady.get();
                    });
            Duration wall = Duration.ofNanos(System.nanoTime() - startNanos);
            Start start = new Start(wall, CpuTime.of(process.pid()), CommandLine.of(process.pid()));
            process.stop(STOP_DEADLINE);
            return start;
        }
    }

    private Command command(StartedProcess process, Side side) {
        return switch (side) {
            case OURS -> ours(process.scriptName() + ".sh", "start-foreground");
            case STOCK_STYLE ->
                    installation.command(
                            stockStyleScript,
                            baseline.argument(),
                            process.scriptName(),
                            installation.distribution().lib().toString(),
                            rpcLoader.toString());
        };
    }

    private Command ours(String script, String... arguments) {
        return installation
                .command(script, arguments)
                .env("SLUICE_CDS_DIR", installation.sandbox().directory("cds").toString());
    }

    /** Starts it if it does not run, and waits until it has nothing left to do. */
    private void awaitRestingJobManager() throws InterruptedException, IOException {
        if (jobManager == null) {
            jobManager = command(StartedProcess.JOBMANAGER, Side.OURS).start("jobmanager");
        }
        LaunchedProcess resting = jobManager;
        POLLING.until(
                "an answer of the JobManager",
                READY_DEADLINE,
                () -> {
                    resting.requireAlive();
                    return rest.overview().slotsTotal() == 0;
                });
        Duration[] seen = {Duration.ZERO};
        Await.every(REST_WINDOW)
                .until(
                        "the JobManager to come to rest",
                        READY_DEADLINE,
                        () -> {
                            Duration before = seen[0];
                            seen[0] = CpuTime.of(resting.pid());
                            return seen[0].minus(before).compareTo(REST_CPU) <= 0;
                        });
    }

    private void stopJobManager() throws InterruptedException {
        if (jobManager != null) {
            jobManager.stop(STOP_DEADLINE);
            jobManager = null;
        }
    }

    /** Ends what runs. */
    @Override
    public void close() {
        if (jobManager != null) {
            jobManager.close();
        }
    }
}
