package io.sluice.systemtests;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.LocalCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What processes write below TMPDIR, and who removes it. */
class TemporaryFilesST {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Await POLLING = Await.every(Duration.ofMillis(50));

    private LocalCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster =
                LocalCluster.of(Distribution.fromSystemProperty())
                        .taskManagers(2)
                        .env("FLINK_IDENT_STRING", "tester")
                        .start();
        cluster.awaitReady(2);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void killedProcessesLeaveOnlyWhatTheNextStartRemoves() throws Exception {
        Path ofJobManager = directoryOf(cluster.jobManager());
        Path ofKilled = directoryOf(cluster.taskManager("tm-1"));
        Path ofLiving = directoryOf(cluster.taskManager("tm-2"));
        assertThat(directories()).containsExactlyInAnyOrder(ofJobManager, ofKilled, ofLiving);
        assertNoLibraryIsExtracted();
        Set<Path> filesOfLiving = filesBelow(ofLiving);

        cluster.killJobManager();
        cluster.killTaskManager("tm-1");
        assertThat(filesBelow(ofJobManager)).hasSizeGreaterThan(1);
        assertThat(filesBelow(ofKilled)).hasSizeGreaterThan(1);
        LaunchedProcess started = cluster.startTaskManager();

        Path ofStarted = directoryOf(started);
        assertThat(directories()).containsExactlyInAnyOrder(ofLiving, ofStarted);
        assertThat(filesBelow(ofLiving)).containsAll(filesOfLiving);
        assertThat(cluster.taskManager("tm-2").isAlive()).isTrue();
    }

    /** Stock Flink copies the 24 MB of Pekko there, at each start of each process. */
    private void assertNoLibraryIsExtracted() throws IOException {
        assertThat(filesBelow(cluster.installation().sandbox().tmp()))
                .noneMatch(file -> file.toString().endsWith(".jar"))
                .noneMatch(file -> file.toString().contains("flink-rpc-akka"));
    }

    /** Waits until the process is a JVM. */
    private static Path directoryOf(LaunchedProcess process) throws InterruptedException {
        LinuxProcess shown = new LinuxProcess(process.pid());
        List<String> line =
                POLLING.until(
                        "the JVM of " + process,
                        DEADLINE,
                        shown::commandLine,
                        words -> words.contains("-classpath"));
        return line.stream()
                .filter(argument -> argument.startsWith("-Djava.io.tmpdir="))
                .map(argument -> Path.of(argument.replace("-Djava.io.tmpdir=", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the directories of processes. */
    private Set<Path> directories() throws IOException {
        Path base = cluster.installation().sandbox().tmp().resolve("sluice-tester");
        try (Stream<Path> files = Files.list(base)) {
            return files.filter(Files::isDirectory).collect(Collectors.toSet());
        }
    }

    private static Set<Path> filesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !file.equals(directory))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
