package io.sluice.systemtests.faults;

import io.sluice.systemtests.faults.job.Switches;
import io.sluice.systemtests.faults.job.TallyJar;
import io.sluice.systemtests.faults.job.TallyJob;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JobManager, a TaskManager whose temporary directory is on a {@link DiskFault}, and a jar. */
final class FaultCluster implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Await POLLING = Await.every(Duration.ofMillis(50));
    private static final String USER = "fault-matrix";

    /** RocksDB's own library stays as long as its process. */
    private static final Pattern FILE_OF_A_JOB =
            Pattern.compile("/(flink-io-[^/]*|localState|tm_[^/]*/tmp/(?!rocksdb-lib-)[^/]*)/");

    private final Sandbox sandbox;
    private final LocalCluster cluster;
    private final DiskFault disk;
    private final Switches switches;
    private final Path jar;
    private @Nullable String uploadedJar;
    private int runs;

    private FaultCluster(
            Sandbox sandbox, LocalCluster cluster, DiskFault disk, Switches switches, Path jar) {
        this.sandbox = sandbox;
        this.cluster = cluster;
        this.disk = disk;
        this.switches = switches;
        this.jar = jar;
    }

    static FaultCluster start(Path diskFaultSource) throws IOException, InterruptedException {
        Sandbox sandbox = Sandbox.create();
        try {
            DiskFault disk =
                    DiskFault.compile(sandbox, diskFaultSource, sandbox.tmp() + "/*/tm_*/tmp/*");
            Path switches = sandbox.directory("switches");
            LocalCluster.Builder builder =
                    LocalCluster.of(Distribution.fromSystemProperty())
                            .sandbox(sandbox)
                            .slotsPerTaskManager(TallyJob.PARALLELISM)
                            .config(config())
                            .env("FLINK_IDENT_STRING", USER)
                            .env(Switches.VARIABLE, switches.toString());
            disk.environment().forEach(builder::env);
            Path jar = TallyJar.pack(sandbox.directory("jar").resolve("tally.jar"));
            return new FaultCluster(sandbox, builder.start(), disk, new Switches(switches), jar);
        } catch (IOException | InterruptedException | RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    private static Map<String, String> config() {
        return Map.ofEntries(
                Map.entry("state.backend.type", "adaptive"),
                Map.entry("state.backend.adaptive.mode", "manual"),
                // So that a move comes to rest after few entries.
                Map.entry("state.backend.adaptive.move.slice", "500 micros"),
                Map.entry("execution.checkpointing.incremental", "true"),
                // The test asks for checkpoints.
                Map.entry("execution.checkpointing.interval", "1h"),
                Map.entry("execution.checkpointing.checkpoints-after-tasks-finish", "false"),
                Map.entry("execution.checkpointing.tolerable-failed-checkpoints", "1000"),
                // Files are flushed in the middle of a move, not only by checkpoints.
                Map.entry("state.backend.rocksdb.memory.managed", "false"),
                Map.entry("state.backend.rocksdb.writebuffer.size", "256kb"),
                Map.entry("pipeline.max-parallelism", "16"),
                Map.entry("restart-strategy.type", "fixed-delay"),
                Map.entry("restart-strategy.fixed-delay.attempts", "1000"),
                Map.entry("restart-strategy.fixed-delay.delay", "200ms"),
                // Few records between a checkpoint barrier and the slow function.
                Map.entry("taskmanager.memory.segment-size", "4kb"),
                Map.entry("taskmanager.network.memory.floating-buffers-per-gate", "1"),
                Map.entry("taskmanager.network.memory.max-buffers-per-channel", "2"),
                // How old an answer of the REST API may be.
                Map.entry("web.refresh-interval", "20ms"),
                // How soon a killed process is missed.
                Map.entry("heartbeat.interval", "500ms"),
                Map.entry("heartbeat.timeout", "6s"));
    }

    void awaitReady() throws InterruptedException {
        cluster.awaitReady(TallyJob.PARALLELISM);
    }

    FlinkRest rest() {
        return cluster.rest();
    }

    DiskFault disk() {
        return disk;
    }

    Switches switches() {
        return switches;
    }

    /** Takes back what a test asked for. */
    void reset() {
        disk.end();
        switches.reset();
    }

    /** Starts the job, from a checkpoint if there is one. */
    TallyRun run(Duration checkpointTimeout, @Nullable String checkpoint)
            throws InterruptedException {
        awaitReady();
        if (uploadedJar == null) {
            uploadedJar = rest().uploadJar(jar);
        }
        Path output = sandbox.directory("output-" + ++runs);
        String job =
                rest().runJar(
                                uploadedJar,
                                TallyJob.class.getName(),
                                checkpoint,
                                List.of(
                                        output.toString(),
                                        Long.toString(checkpointTimeout.toMillis())));
        return new TallyRun(this, job, output);
    }

    void killTaskManager() throws InterruptedException {
        cluster.killTaskManager(cluster.taskManagers().get(0));
    }

    void startTaskManager() {
        cluster.startTaskManager();
    }

    void killJobManager() throws InterruptedException {
        cluster.killJobManager();
        uploadedJar = null;
    }

    void startJobManager() {
        cluster.startJobManager();
    }

    /**
     * Waits until living processes have no file of a job but the jars, which Flink keeps for an
     * hour, and dead ones have none.
     */
    void awaitNoFileLeft() throws InterruptedException {
        awaitNoFileOfJobs();
        POLLING.until(
                "one temporary directory for each of the two processes",
                DEADLINE,
                this::directories,
                directories -> directories.size() == 2);
    }

    /** Waits until tasks that have ended have removed their files. */
    void awaitNoFileOfJobs() throws InterruptedException {
        POLLING.until("an end of the files of jobs", DEADLINE, this::filesOfJobs, Set::isEmpty);
    }

    /** Waits until RocksDB's local copies for checkpoints are gone. */
    void awaitNoLocalCheckpoint() throws InterruptedException {
        POLLING.until(
                "an end of the local copies for checkpoints",
                DEADLINE,
                () -> files(sandbox.tmp()),
                files -> files.stream().noneMatch(file -> file.toString().contains("/chk-")));
    }

    private Set<Path> filesOfJobs() throws IOException {
        return files(sandbox.tmp()).stream()
                .filter(file -> FILE_OF_A_JOB.matcher(file.toString()).find())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Path> directories() throws IOException {
        try (Stream<Path> entries = Files.list(sandbox.tmp().resolve("sluice-" + USER))) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    /** Files may go while they are listed. */
    private static Set<Path> files(Path directory) throws IOException {
        Set<Path> found = new TreeSet<>();
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        found.add(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return found;
    }

    @Override
    public void close() {
        cluster.close();
        sandbox.close();
    }
}
