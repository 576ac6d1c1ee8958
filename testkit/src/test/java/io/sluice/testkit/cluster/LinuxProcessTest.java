package io.sluice.testkit.cluster;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class LinuxProcessTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void deleteSandbox() throws Exception {
        sandbox.killProcesses();
        sandbox.close();
    }

    @Test
    void showsArgumentsAndEnvironmentOfAnother() throws Exception {
        try (LaunchedProcess started = sleeper("600", "0")) {
            LinuxProcess process = new LinuxProcess(started.pid());

            assertThat(process.isAlive()).isTrue();
            assertThat(process.commandLine()).containsExactly("sleep", "600", "0");
            assertThat(process.environment())
                    .containsEntry("TMPDIR", sandbox.tmp().toString())
                    .containsEntry("EMPTY", "");
        }
    }

    @Test
    void mapsItsProgramAndNoOtherFile() {
        LinuxProcess self = new LinuxProcess(ProcessHandle.current().pid());
        Path java = Path.of(ProcessHandle.current().info().command().orElseThrow());

        assertThat(self.maps(java)).isTrue();
        assertThat(self.maps(java.resolveSibling("jav"))).isFalse();
    }

    @Test
    void processThatHasEndedIsNotAlive() throws Exception {
        LaunchedProcess started = sleeper("600");
        started.kill();

        LinuxProcess process = new LinuxProcess(started.pid());

        assertThat(process.isAlive()).isFalse();
        assertThat(process.commandLine()).isEmpty();
        assertThat(process.environment()).isEmpty();
        assertThat(process.maps(Path.of("/bin/sleep"))).isFalse();
        process.kill();
    }

    @Test
    void peakMemoryIsThatOfARunningProcess() throws Exception {
        LinuxProcess self = new LinuxProcess(ProcessHandle.current().pid());

        assertThat(self.peakMemoryMebibytes().orElseThrow()).isPositive();
        try (LaunchedProcess ended = sh("exit 0").start("ended")) {
            ended.awaitExit(DEADLINE);
            assertThat(new LinuxProcess(ended.pid()).peakMemoryMebibytes()).isEmpty();
        }
    }

    @Test
    void zombieIsNotAlive() throws Exception {
        // Ends once its parent is a program that waits for no child, as the shell before would.
        String child = "(while read -r name </proc/$$/comm && [ $name = sh ]; do :; done) &";
        Command parent = sh(child + " echo \"child $!\"; exec sleep 600");
        try (LaunchedProcess started = parent.start("parent")) {
            String pid = started.awaitOutput(Pattern.compile("child (\\d+)\n"), DEADLINE).group(1);
            Path status = Path.of("/proc", pid, "status");
            Await.every(Duration.ofMillis(10))
                    .until(
                            "a zombie",
                            DEADLINE,
                            () -> Files.readString(status),
                            text -> text.contains("State:\tZ"));

            LinuxProcess zombie = new LinuxProcess(Long.parseLong(pid));

            assertThat(zombie.isAlive()).isFalse();
            assertThat(zombie.commandLine()).isEmpty();
        }
    }

    @Test
    void sandboxFindsAndEndsTheOrphansInIt() throws Exception {
        Command.Result result = sh("sleep 600 >&- 2>&- & echo $!").run(DEADLINE).requireSuccess();
        LinuxProcess orphan = new LinuxProcess(Long.parseLong(result.stdout().strip()));

        assertThat(sandbox.processes()).containsExactly(orphan);
        sandbox.killProcesses();

        assertThat(orphan.isAlive()).isFalse();
        assertThat(sandbox.processes()).isEmpty();
    }

    private LaunchedProcess sleeper(String... arguments) throws Exception {
        LaunchedProcess process =
                Command.of(sandbox, Path.of("sleep"), arguments)
                        .env("TMPDIR", sandbox.tmp().toString())
                        .env("EMPTY", "")
                        .start("sleeper");
        LinuxProcess shown = new LinuxProcess(process.pid());
        Await.every(Duration.ofMillis(10))
                .until(
                        "the program",
                        DEADLINE,
                        shown::commandLine,
                        line ->
                                line.equals(
                                        Stream.concat(Stream.of("sleep"), Stream.of(arguments))
                                                .toList()));
        return process;
    }

    private Command sh(String script) {
        return Command.of(sandbox, Path.of("/bin/sh"), "-c", script)
                .env("TMPDIR", sandbox.tmp().toString());
    }
}
