package io.sluice.systemtests;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Class data archives: made once, used where they fit, and never in the way of a start. */
class StartupArchiveST {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Duration TRAINING_DEADLINE = Duration.ofSeconds(150);
    private static final Await POLLING = Await.every(Duration.ofMillis(50));
    private static final Pattern REST_IS_UP = Pattern.compile("Rest endpoint listening at");

    /** Made once for all tests: it takes 15 s. */
    private static final Sandbox TRAINED = Sandbox.create();

    private static final Distribution DISTRIBUTION =
            Distribution.fromSystemProperty().copyTo(TRAINED.root().resolve("sluice"));

    private static Path changeableJar;
    private static Command.Result training;

    private final Sandbox sandbox = Sandbox.create();
    private final Path archives = sandbox.directory("archives");
    private final Installation installation = new Installation(DISTRIBUTION, sandbox, Map.of());

    @BeforeAll
    static void train() throws Exception {
        changeableJar = ownJar("flink-metrics-core-");
        training =
                new Installation(DISTRIBUTION, TRAINED, Map.of())
                        .command("train-cds.sh")
                        .env("SLUICE_CDS_DIR", TRAINED.directory("archives").toString())
                        .run(TRAINING_DEADLINE);
    }

    @AfterAll
    static void deleteTrained() throws Exception {
        TRAINED.killProcesses();
        TRAINED.close();
    }

    @BeforeEach
    void takeTheArchives() throws Exception {
        for (Path archive : files(TRAINED.directory("archives"))) {
            Files.copy(
                    archive,
                    archives.resolve(archive.getFileName()),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @AfterEach
    void clean() throws Exception {
        sandbox.killProcesses();
        sandbox.close();
    }

    @Test
    void trainingTellsEachArchiveAndLeavesNothingElse() throws Exception {
        assertThat(training.exitCode()).as(training.stderr()).isZero();
        assertThat(training.stderr()).isEmpty();
        assertThat(training.stdout())
                .matches(
                        "Made DIR/launcher-\\d+-\\d+\\.jsa \\(\\d+ MB\\)\\.\nMade DIR/processes-\\d+-\\d+\\.jsa \\(\\d+ MB\\)\\.\n"
                                .replace("DIR", TRAINED.directory("archives").toString()));
        assertThat(TRAINED.processes()).isEmpty();
        assertThat(TRAINED.tmp()).isEmptyDirectory();
        assertThat(files(TRAINED.directory("archives"))).hasSize(2);
    }

    @Test
    void trainingUsesTheConfiguredJdk() throws Exception {
        Files.writeString(
                sandbox.conf().resolve("config.yaml"),
                "env.java.home: '%s'\n".formatted(System.getProperty("java.home")));

        Command.Result result =
                command("train-cds.sh", "--if-missing")
                        .env("JAVA_HOME", sandbox.directory("no-jdk").toString())
                        .run(TRAINING_DEADLINE);

        assertThat(result.stderr()).isEmpty();
        assertThat(result.stdout()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(files(archives)).hasSize(2);
    }

    @Test
    void processUsesTheArchive() throws Exception {
        try (LaunchedProcess jobManager = start(Map.of())) {
            assertThat(usesAnArchive(jobManager)).isTrue();
        }
    }

    @Test
    void clientUsesTheArchive() throws Exception {
        String traced =
                command("flink", "--version")
                        .env("FLINK_ENV_JAVA_OPTS_CLI", "-Xlog:class+load")
                        .run(DEADLINE)
                        .requireSuccess()
                        .stdout();

        assertThat(traced)
                .containsPattern(
                        "org.apache.flink.client.cli.CliFrontend source: shared objects file");
    }

    @Test
    void offUsesNone() throws Exception {
        try (LaunchedProcess jobManager = start(Map.of("SLUICE_CDS", "off"))) {
            assertThat(usesAnArchive(jobManager)).isFalse();
            assertThat(jobManager.output()).startsWith("2").doesNotContain("class data archive");
        }
    }

    @Test
    void changedJarMakesItStale() throws Exception {
        FileTime before = Files.getLastModifiedTime(changeableJar);
        Files.setLastModifiedTime(changeableJar, FileTime.from(before.toInstant().plusSeconds(2)));

        try (LaunchedProcess jobManager = start(Map.of())) {
            assertThat(usesAnArchive(jobManager)).isFalse();
            assertNoWarning(jobManager);
        } finally {
            Files.setLastModifiedTime(changeableJar, before);
        }
    }

    @Test
    void archiveThatWasCutShortIsNotUsed() throws Exception {
        for (Path archive : files(archives)) {
            try (RandomAccessFile file = writable(archive)) {
                file.setLength(file.length() / 2);
            }
        }

        try (LaunchedProcess jobManager = start(Map.of())) {
            assertThat(usesAnArchive(jobManager)).isFalse();
            assertNoWarning(jobManager);
        }
    }

    @Test
    void archiveOfGarbageIsNotUsed() throws Exception {
        for (Path archive : files(archives)) {
            try (RandomAccessFile file = writable(archive)) {
                file.write("garbage".repeat(1_000).getBytes(StandardCharsets.US_ASCII));
            }
        }

        try (LaunchedProcess jobManager = start(Map.of())) {
            assertThat(usesAnArchive(jobManager)).isFalse();
            assertNoWarning(jobManager);
        }
    }

    @Test
    void collectorThatCannotUseItIsToldInOneLine() throws Exception {
        try (LaunchedProcess jobManager = start(Map.of("FLINK_ENV_JAVA_OPTS", "-XX:+UseZGC"))) {
            assertThat(usesAnArchive(jobManager)).isFalse();
            assertThat(jobManager.output().lines().filter(line -> line.startsWith("The ")))
                    .containsExactly(
                            "The start takes longer: the class data archive cannot be used, because -XX:+UseZGC is set.");
        }
    }

    @Test
    void missingArchiveIsMadeBehindTheBackOfAStartedDaemon() throws Exception {
        Files.delete(onlyFile("launcher-"));
        Path kept = onlyFile("processes-");
        FileTime keptSince = Files.getLastModifiedTime(kept);

        // Nobody can make an archive while this lock is held, so a start that waited would hang.
        try (LaunchedProcess lock =
                Command.of(
                                sandbox,
                                Path.of("flock"),
                                archives.toString(),
                                "bash",
                                "-c",
                                "echo locked; exec sleep 600")
                        .start("lock")) {
            lock.awaitOutput(Pattern.compile("locked"), DEADLINE);
            Command.Result start =
                    command("jobmanager.sh", "start")
                            .env("SLUICE_CDS", "auto")
                            .run(DEADLINE)
                            .requireSuccess();
            assertThat(start.stderr()).isEmpty();
            assertThat(start.stdout()).matches("Starting standalonesession daemon on host .*\\.\n");
            POLLING.until(
                    "the JobManager",
                    DEADLINE,
                    () -> installation.rest().overview(),
                    answer -> true);
            assertThat(filesNamed("launcher-")).isEmpty();
        }

        POLLING.until(
                "the archive",
                TRAINING_DEADLINE,
                () -> filesNamed("launcher-").size() == 1 && files(archives).size() == 2);
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(keptSince);
    }

    private Command command(String script, String... arguments) {
        return installation.command(script, arguments).env("SLUICE_CDS_DIR", archives.toString());
    }

    /** Starts a JobManager and waits until it serves. */
    private LaunchedProcess start(Map<String, String> environment) throws InterruptedException {
        LaunchedProcess jobManager =
                command("jobmanager.sh", "start-foreground").env(environment).start("jobmanager");
        jobManager.awaitOutput(REST_IS_UP, DEADLINE);
        return jobManager;
    }

    private boolean usesAnArchive(LaunchedProcess process) throws IOException {
        LinuxProcess shown = new LinuxProcess(process.pid());
        assertThat(shown.isAlive()).isTrue();
        return files(archives).stream().anyMatch(shown::maps);
    }

    private static void assertNoWarning(LaunchedProcess process) {
        assertThat(process.output()).doesNotContain("[warning]", "[error]", "VM warning");
    }

    /** Puts a copy of a jar of {@code lib/} in the place of its link. */
    private static Path ownJar(String prefix) throws IOException {
        Path jar =
                files(DISTRIBUTION.lib()).stream()
                        .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                        .findFirst()
                        .orElseThrow();
        return Files.copy(
                jar.toRealPath(),
                jar,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    private Path onlyFile(String prefix) throws IOException {
        List<Path> found = filesNamed(prefix);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private List<Path> filesNamed(String prefix) throws IOException {
        return files(archives).stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                .toList();
    }

    private static RandomAccessFile writable(Path file) throws IOException {
        if (!file.toFile().setWritable(true)) {
            throw new IOException("Cannot make %s writable.".formatted(file));
        }
        return new RandomAccessFile(file.toFile(), "rw");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
