package io.sluice.systemtests;

import io.sluice.examples.nexmark.AuctionLedgerJob;
import io.sluice.examples.nexmark.AuctionLedgers;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.JobCheckpoints;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The jar of the adaptive state backend in {@code lib/} of stock Flink: none of our other jars,
 * none of our scripts and none of our configuration. Stock Flink is our {@code lib/} with Flink's
 * own loader of the RPC system, and its main classes started by {@code java}.
 */
@BesideOthers
class DropInJarST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));

    private static final String JOB_MANAGER =
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String TASK_MANAGER =
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
    private static final String CLIENT = "org.apache.flink.client.cli.CliFrontend";

    private static final int SLOTS = 2;
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final long BUDGET_BYTES = 4L << 20;
    private static final String ON_DISK = AuctionLedgerJob.OPERATOR + ".adaptive.keyGroupsOnDisk";

    /** Many times the budget of both slots, for longer than everything else here takes. */
    private static final NexmarkSettings STREAM =
            NexmarkSettings.defaults()
                    .withEvents(150_000)
                    .withEventsPerSecond(6_000)
                    .withAuctionsLeftOpen(1000);

    /** What stock Flink's scripts take from {@code env.java.opts.all}, and so from nowhere here. */
    private static final List<String> JAVA_17_OPTIONS =
            Stream.concat(
                            Stream.of(
                                            "java.rmi/sun.rmi.registry",
                                            "java.security.jgss/sun.security.krb5")
                                    .map(exported -> "--add-exports=" + exported + "=ALL-UNNAMED"),
                            Stream.of(
                                            "java.lang",
                                            "java.lang.reflect",
                                            "java.io",
                                            "java.net",
                                            "java.nio",
                                            "java.math",
                                            "java.text",
                                            "java.time",
                                            "java.util",
                                            "java.util.concurrent",
                                            "java.util.concurrent.atomic",
                                            "java.util.concurrent.locks",
                                            "sun.nio.ch")
                                    .map(
                                            opened ->
                                                    "--add-opens=java.base/"
                                                            + opened
                                                            + "=ALL-UNNAMED"))
                    .toList();

    /** A TaskManager without a script must be told all of its memory. */
    private static final Map<String, String> CONFIGURATION =
            Map.ofEntries(
                    Map.entry("state.backend.type", "adaptive"),
                    Map.entry("state.backend.adaptive.heap-budget", BUDGET_BYTES + " b"),
                    Map.entry("execution.checkpointing.interval", "500 ms"),
                    Map.entry("execution.checkpointing.incremental", "true"),
                    Map.entry("restart-strategy.type", "fixed-delay"),
                    Map.entry("restart-strategy.fixed-delay.attempts", "10"),
                    Map.entry("restart-strategy.fixed-delay.delay", "500 ms"),
                    Map.entry("heartbeat.interval", "1 s"),
                    Map.entry("metrics.fetcher.update-interval", "200 ms"),
                    Map.entry("parallelism.default", Integer.toString(SLOTS)),
                    Map.entry("taskmanager.numberOfTaskSlots", Integer.toString(SLOTS)),
                    Map.entry("taskmanager.cpu.cores", Integer.toString(SLOTS)),
                    Map.entry("taskmanager.memory.framework.heap.size", "128 mb"),
                    Map.entry("taskmanager.memory.framework.off-heap.size", "128 mb"),
                    Map.entry("taskmanager.memory.task.heap.size", "256 mb"),
                    Map.entry("taskmanager.memory.task.off-heap.size", "0"),
                    Map.entry("taskmanager.memory.network.min", "32 mb"),
                    Map.entry("taskmanager.memory.network.max", "32 mb"),
                    Map.entry("taskmanager.memory.managed.size", "64 mb"),
                    Map.entry("taskmanager.memory.jvm-metaspace.size", "128 mb"),
                    Map.entry("taskmanager.memory.jvm-overhead.min", "128 mb"),
                    Map.entry("taskmanager.memory.jvm-overhead.max", "128 mb"));

    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void clean() throws Exception {
        sandbox.killProcesses();
        sandbox.close();
    }

    @Test
    void jobMovesUnderItsBudgetAndGoesOnFromACheckpointOfBothTiers() throws Exception {
        Installation stock = new Installation(stockFlink(), sandbox, CONFIGURATION);
        FlinkRest rest = stock.rest();
        java(stock, List.of("-Xmx384m"), JOB_MANAGER)
                .args("--configDir", stock.conf().toString())
                .start("jobmanager");
        LaunchedProcess victim = startTaskManager(stock, "tm-1");
        POLLING.until(
                "the slots of tm-1",
                DEADLINE,
                () -> {
                    victim.requireAlive();
                    return rest.overview().slotsTotal() == SLOTS;
                });
        Path output = sandbox.directory("ledgers");
        String job = submit(stock, output);
        String ledger = rest.job(job).vertex(AuctionLedgerJob.OPERATOR).id();

        awaitStateOnDisk(rest, job, ledger);
        POLLING.until(
                "a decision and the budget in the metrics of tm-1",
                DEADLINE,
                () -> taskManagerMetrics(rest, "tm-1"),
                metrics ->
                        Long.parseLong(metrics.getOrDefault("adaptive.decisions", "0")) > 0
                                && Long.parseLong(metrics.get("adaptive.heapBudget"))
                                        == SLOTS * BUDGET_BYTES);
        // One may be under way that was cut before.
        long needed = rest.checkpoints(job).completed() + 2;
        JobCheckpoints beforeKill =
                POLLING.until(
                        "a checkpoint of state on disk",
                        DEADLINE,
                        () -> rest.checkpoints(job),
                        checkpoints -> checkpoints.completed() >= needed);
        victim.kill();
        LaunchedProcess successor = startTaskManager(stock, "tm-2");
        JobCheckpoints restored =
                POLLING.until(
                        "the restored job",
                        DEADLINE,
                        () -> {
                            successor.requireAlive();
                            return rest.checkpoints(job);
                        },
                        checkpoints -> checkpoints.restored() > 0);
        POLLING.until(
                "the end of the job",
                DEADLINE,
                () -> rest.job(job),
                details -> details.status().equals("FINISHED"));

        assertThat(restored.latestRestored().orElseThrow().id())
                .isGreaterThanOrEqualTo(beforeKill.latestCompleted().orElseThrow().id());
        assertThat(rest.checkpoints(job).restored()).isEqualTo(1);
        assertThat(victim.output())
                .containsPattern("\\.StateCoordinator +\\S* - State on heap above the budget \\(");
        AuctionLedgers.Comparison result = AuctionLedgers.of(STREAM).compareWith(output);
        assertThat(result.exact()).as(result.toString()).isTrue();
    }

    private static Map<String, String> taskManagerMetrics(FlinkRest rest, String taskManager)
            throws InterruptedException {
        Map<String, String> metrics = new TreeMap<>();
        rest.get(
                        "/taskmanagers/%s/metrics?get=adaptive.decisions,adaptive.heapBudget"
                                .formatted(taskManager))
                .forEach(
                        metric ->
                                metrics.put(
                                        metric.required("id").asText(),
                                        metric.required("value").asText()));
        return metrics;
    }

    private static void awaitStateOnDisk(FlinkRest rest, String job, String vertex)
            throws InterruptedException {
        POLLING.until(
                "key groups on disk",
                DEADLINE,
                () ->
                        rest.subtaskMetrics(job, vertex, List.of(ON_DISK)).values().stream()
                                .anyMatch(groups -> groups.sum() > 0));
    }

    /** Returns our {@code lib/} as stock Flink's, with one jar of ours, and no configuration. */
    private Distribution stockFlink() throws IOException {
        Distribution copy =
                Distribution.fromSystemProperty().copyTo(sandbox.root().resolve("stock"));
        Path dropIn = null;
        for (Path jar : jarsIn(copy.lib())) {
            if (jar.getFileName().toString().startsWith("flink-statebackend-adaptive-")) {
                dropIn = jar;
            } else if (holdsOurClasses(jar)) {
                Files.delete(jar);
            }
        }
        assertThat(dropIn).as("the jar of the state backend in %s", copy.lib()).isNotNull();
        for (Path jar : jarsIn(Path.of(System.getProperty("sluice.stock")))) {
            Files.createSymbolicLink(copy.lib().resolve(jar.getFileName()), jar);
        }
        assertThat(jarsIn(copy.lib()))
                .filteredOn(DropInJarST::holdsOurClasses)
                .containsExactly(dropIn);
        assertThat(jarsIn(copy.lib()))
                .filteredOn(
                        jar -> jar.getFileName().toString().startsWith("flink-rpc-akka-loader-"))
                .hasSize(1);
        Files.writeString(copy.conf().resolve("config.yaml"), "");
        return copy;
    }

    private static List<Path> jarsIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    private static boolean holdsOurClasses(Path file) {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream().anyMatch(entry -> entry.getName().startsWith("io/sluice/"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LaunchedProcess startTaskManager(Installation stock, String name) {
        return java(stock, List.of("-Xmx384m"), TASK_MANAGER)
                .args("--configDir", stock.conf().toString())
                .args("-D", "taskmanager.resource-id=" + name)
                .start(name);
    }

    /** Returns {@code java} with {@code lib/*}, without {@code lib/rpc/}. */
    private static Command java(Installation stock, List<String> options, String mainClass) {
        return stock.command(Path.of(System.getProperty("java.home"), "bin", "java"))
                .args(JAVA_17_OPTIONS.toArray(String[]::new))
                .args(options.toArray(String[]::new))
                .args(
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + stock.sandbox().tmp(),
                        "-Dlog4j.configurationFile="
                                + stock.conf().resolve("log4j-console.properties"),
                        "-cp",
                        stock.distribution().lib().resolve("*").toString(),
                        mainClass);
    }

    private static String submit(Installation stock, Path output) throws InterruptedException {
        List<String> arguments = new ArrayList<>(STREAM.toArguments());
        arguments.addAll(List.of("--output", output.toString()));
        Command.Result result =
                java(stock, List.of("-Xmx256m"), CLIENT)
                        .args("run", "--detached", "-c", AuctionLedgerJob.class.getName())
                        .args(stock.distribution().examples().resolve("nexmark.jar").toString())
                        .args(arguments.toArray(String[]::new))
                        .run(DEADLINE)
                        .requireSuccess();
        Matcher jobId = JOB_ID.matcher(result.stdout());
        assertThat(jobId.find()).as(result.toString()).isTrue();
        return jobId.group(1);
    }
}
