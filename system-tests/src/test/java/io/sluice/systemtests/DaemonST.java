package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code start} and {@code stop} do with processes, pid files and log files. */
class DaemonST {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Await POLLING = Await.every(Duration.ofMillis(50));
    private static final String IDENT = "tester";
    private static final String JOB_MANAGER = "standalonesession";
    private static final String TASK_MANAGER = "taskexecutor";

    private final Sandbox sandbox = Sandbox.create();
    private final Installation installation =
            new Installation(Distribution.fromSystemProperty(), sandbox, Map.of());
    private String host = "";

    @BeforeEach
    void askForTheHostName() throws Exception {
        host = Command.of(sandbox, Path.of("hostname")).run(DEADLINE).stdout().strip();
    }

    @AfterEach
    void clean() throws Exception {
        sandbox.killProcesses();
        sandbox.close();
    }

    @Test
    void clusterStartsAndStopsAsItsWorkersFileSays() throws Exception {
        Files.writeString(sandbox.conf().resolve("workers"), "localhost # here\n\nlocalhost");

        Command.Result start = run("start-cluster.sh");

        assertThat(start.stdout())
                .isEqualTo(
                        """
                        Starting cluster.
                        Starting standalonesession daemon on host HOST.
                        Starting taskexecutor daemon on host HOST.
                        [INFO] 1 instance(s) of taskexecutor are already running on HOST.
                        Starting taskexecutor daemon on host HOST.
                        """
                                .replace("HOST", host));
        assertThat(filesIn(sandbox.pid()))
                .containsExactly(
                        "flink-tester-standalonesession.pid", "flink-tester-taskexecutor.pid");
        awaitSlots(2);
        assertThat(logFiles())
                .containsExactly(
                        "flink-tester-standalonesession-0-HOST.log",
                        "flink-tester-standalonesession-0-HOST.out",
                        "flink-tester-taskexecutor-0-HOST.log",
                        "flink-tester-taskexecutor-0-HOST.out",
                        "flink-tester-taskexecutor-1-HOST.log",
                        "flink-tester-taskexecutor-1-HOST.out");

        assertThat(run("taskmanager.sh", "start").stdout())
                .isEqualTo(
                        """
                        [INFO] 2 instance(s) of taskexecutor are already running on HOST.
                        Starting taskexecutor daemon on host HOST.
                        """
                                .replace("HOST", host));
        assertThat(logFiles()).contains("flink-tester-taskexecutor-2-HOST.out");
        List<Long> three = installation.daemonPids(TASK_MANAGER);
        assertThat(three).hasSize(3).allMatch(DaemonST::isAlive);

        assertThat(run("taskmanager.sh", "stop").stdout()).isEqualTo(stopping(three.get(2)));
        assertThat(installation.daemonPids(TASK_MANAGER))
                .isEqualTo(three.subList(0, 2))
                .allMatch(DaemonST::isAlive);
        assertThat(three.get(2)).matches(pid -> !isAlive(pid));

        assertThat(run("stop-cluster.sh").stdout())
                .startsWith(stopping(three.get(1)) + stopping(three.get(0)));
        assertNothingRuns();
    }

    @Test
    void stopAllStopsAllOfOneKind() throws Exception {
        run("jobmanager.sh", "start");
        run("taskmanager.sh", "start");
        run("taskmanager.sh", "start");
        List<Long> pids = installation.daemonPids(TASK_MANAGER);

        Command.Result result = run("taskmanager.sh", "stop-all");

        assertThat(result.stdout()).isEqualTo(stopping(pids.get(1)) + stopping(pids.get(0)));
        assertThat(pids).hasSize(2).noneMatch(DaemonST::isAlive);
        assertThat(installation.daemonPids(TASK_MANAGER)).isEmpty();
        assertThat(installation.daemonPids(JOB_MANAGER)).hasSize(1).allMatch(DaemonST::isAlive);
    }

    @Test
    void stopWhereNothingRunsSaysSoAndSucceeds() throws Exception {
        String noTaskManager = "No taskexecutor daemon to stop on host %s.\n".formatted(host);
        String noJobManager = "No standalonesession daemon to stop on host %s.\n".formatted(host);

        assertThat(run("taskmanager.sh", "stop").stdout()).isEqualTo(noTaskManager);
        assertThat(run("taskmanager.sh", "stop-all").stdout()).isEqualTo(noTaskManager);
        assertThat(run("jobmanager.sh", "stop").stdout()).isEqualTo(noJobManager);
        assertThat(run("stop-cluster.sh").stdout()).isEqualTo(noTaskManager + noJobManager);
        assertNothingRuns();
    }

    @Test
    void startsAtTheSameTimeGetDifferentLogFiles() throws Exception {
        int count = 4;

        List<LaunchedProcess> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starts.add(command("taskmanager.sh", "start").start("start-" + i));
        }
        for (LaunchedProcess start : starts) {
            assertThat(start.awaitExit(DEADLINE)).as(start.output()).isZero();
        }

        assertThat(installation.daemonPids(TASK_MANAGER))
                .hasSize(count)
                .doesNotHaveDuplicates()
                .allMatch(DaemonST::isAlive);
        assertThat(logFiles())
                .filteredOn(name -> name.endsWith(".out"))
                .containsExactlyElementsOf(
                        IntStream.range(0, count)
                                .mapToObj("flink-tester-taskexecutor-%d-HOST.out"::formatted)
                                .toList());
    }

    @Test
    void stopsAtTheSameTimeStopOneDaemonEach() throws Exception {
        run("taskmanager.sh", "start");
        run("taskmanager.sh", "start");
        List<Long> pids = installation.daemonPids(TASK_MANAGER);

        List<LaunchedProcess> stops = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stops.add(command("taskmanager.sh", "stop").start("stop-" + i));
        }
        List<String> outputs = new ArrayList<>();
        for (LaunchedProcess stop : stops) {
            assertThat(stop.awaitExit(DEADLINE)).as(stop.output()).isZero();
            outputs.add(stop.output());
        }

        assertThat(outputs)
                .containsExactlyInAnyOrder(
                        stopping(pids.get(0)),
                        stopping(pids.get(1)),
                        "No taskexecutor daemon to stop on host %s.\n".formatted(host));
        assertNothingRuns();
    }

    @Test
    void daemonThatDiedIsToldAndForgotten() throws Exception {
        run("taskmanager.sh", "start");
        long dead = installation.daemonPids(TASK_MANAGER).get(0);
        sandbox.killProcesses();

        assertThat(run("taskmanager.sh", "stop").stdout()).isEqualTo(notRunning(dead));
        assertNothingRuns();
    }

    @Test
    void startAfterADaemonThatDiedIsTheFirstAgain() throws Exception {
        run("taskmanager.sh", "start");
        sandbox.killProcesses();

        assertThat(run("taskmanager.sh", "start").stdout())
                .isEqualTo("Starting taskexecutor daemon on host %s.\n".formatted(host));

        assertThat(installation.daemonPids(TASK_MANAGER)).hasSize(1).allMatch(DaemonST::isAlive);
        assertThat(logFiles())
                .filteredOn(name -> name.contains(".out"))
                .containsExactly(
                        "flink-tester-taskexecutor-0-HOST.out",
                        "flink-tester-taskexecutor-0-HOST.out.1");
    }

    /** As in a container whose first process is no init: nobody asks for the daemon's end. */
    @Test
    void zombieCountsAsEnded() throws Exception {
        Command parent =
                Command.of(
                        sandbox,
                        Path.of("bash"),
                        "-c",
                        "sleep 0 & echo \"zombie $!\"; exec sleep 600");
        try (LaunchedProcess started = parent.start("parent")) {
            long zombie =
                    Long.parseLong(
                            started.awaitOutput(Pattern.compile("zombie (\\d+)\n"), DEADLINE)
                                    .group(1));
            Path status = Path.of("/proc/%d/status".formatted(zombie));
            POLLING.until(
                    "a zombie",
                    DEADLINE,
                    () -> Files.readString(status),
                    text -> text.contains("State:\tZ"));
            Files.writeString(
                    sandbox.pid().resolve("flink-tester-taskexecutor.pid"), zombie + "\n");

            assertThat(run("taskmanager.sh", "stop").stdout()).isEqualTo(notRunning(zombie));
        }
    }

    @Test
    void hostAndRestPortCanBeArguments() throws Exception {
        int port = FreePorts.pick(1).get(0);

        run("jobmanager.sh", "start", "127.0.0.1", Integer.toString(port));

        FlinkRest rest = new FlinkRest(URI.create("http://localhost:" + port));
        JsonNode config =
                POLLING.until(
                        "the JobManager",
                        DEADLINE,
                        () -> rest.get("/jobmanager/config"),
                        answer -> !answer.isEmpty());
        assertThat(config.toString())
                .contains("{\"key\":\"jobmanager.rpc.address\",\"value\":\"127.0.0.1\"}");
    }

    private Command command(String script, String... arguments) {
        return installation.command(script, arguments).env("FLINK_IDENT_STRING", IDENT);
    }

    /** Fails unless the exit code is 0 and nothing is on standard error. */
    private Command.Result run(String script, String... arguments) throws InterruptedException {
        Command.Result result = command(script, arguments).run(DEADLINE).requireSuccess();
        assertThat(result.stderr()).isEmpty();
        return result;
    }

    private void awaitSlots(int slots) throws InterruptedException {
        POLLING.until(
                "%d slots".formatted(slots),
                DEADLINE,
                () -> installation.rest().overview(),
                overview -> overview.slotsTotal() == slots);
    }

    private String stopping(long pid) {
        return "Stopping taskexecutor daemon (pid: %d) on host %s.\n".formatted(pid, host);
    }

    private String notRunning(long pid) {
        return "No taskexecutor daemon (pid: %d) is running anymore on %s.\n".formatted(pid, host);
    }

    private static boolean isAlive(long pid) {
        return new LinuxProcess(pid).isAlive();
    }

    private void assertNothingRuns() throws IOException {
        assertThat(sandbox.processes()).isEmpty();
        assertThat(filesIn(sandbox.pid())).isEmpty();
    }

    /** Returns the log files of daemons by name, with HOST for the name of this host. */
    private List<String> logFiles() throws IOException {
        return filesIn(sandbox.log()).stream()
                .filter(name -> name.startsWith("flink-" + IDENT))
                .map(name -> name.replace("-" + host + ".", "-HOST."))
                .toList();
    }

    private static List<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }
}
