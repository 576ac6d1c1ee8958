package io.sluice.testkit.cluster;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Runs real children of {@code /bin/sh}. */
class LaunchedProcessTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void outputIsAwaitedWhileItRuns() throws Exception {
        try (LaunchedProcess process = start("echo port 4711; exec sleep 600")) {
            String port = process.awaitOutput(Pattern.compile("port (\\d+)"), DEADLINE).group(1);

            assertThat(port).isEqualTo("4711");
            assertThat(process.outputFile()).isEqualTo(sandbox.log().resolve("child.out"));
            assertThat(process.isAlive()).isTrue();
        }
    }

    @Test
    void sentLinesAreItsInputIfItHasOne() throws Exception {
        Command command =
                Command.of(sandbox, Path.of("/bin/sh"), "-c", "read -r a; echo \"got $a\"");
        try (LaunchedProcess withInput = command.startWithInput("child")) {
            withInput.send("größer");

            withInput.awaitExit(DEADLINE);
            assertThat(withInput.output()).isEqualTo("got größer\n");
        }
        try (LaunchedProcess without = command.start("deaf")) {
            assertThatThrownBy(() -> without.send("text"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage(
                            "Cannot send 'text' to the standard input of deaf (pid %d)."
                                    .formatted(without.pid()));
        }
    }

    @Test
    void endWithoutTheOutputFailsAtOnce() throws Exception {
        try (LaunchedProcess process = start("echo broken; exit 5")) {
            process.awaitExit(DEADLINE);

            assertThatThrownBy(() -> process.awaitOutput(Pattern.compile("port"), DEADLINE))
                    .isInstanceOf(GiveUpException.class)
                    .hasMessage(
                            "'port' never came in the output of child: child (pid %d) ended with exit code 5. Last lines of its output:\nbroken"
                                    .formatted(process.pid()));
        }
    }

    @Test
    void outOfMemoryIsWhatTheJvmSaidAtItsEnd() throws Exception {
        String line = "Terminating due to java.lang.OutOfMemoryError: Java heap space";
        try (LaunchedProcess ended = start("echo started; echo '%s'; exit 3".formatted(line));
                LaunchedProcess killed = start("echo '%s'; exit 137".formatted(line));
                LaunchedProcess running = start("echo '%s'; exec sleep 600".formatted(line))) {
            ended.awaitExit(DEADLINE);
            killed.awaitExit(DEADLINE);

            assertThat(ended.outOfMemory()).contains(line);
            assertThat(killed.outOfMemory()).isEmpty();
            assertThat(running.outOfMemory()).isEmpty();
        }
    }

    @Test
    void lastOutputOfAnEndedProcessCounts() throws Exception {
        try (LaunchedProcess process = start("echo port 1")) {
            process.awaitExit(DEADLINE);

            assertThat(process.awaitOutput(Pattern.compile("port"), Duration.ZERO).group())
                    .isEqualTo("port");
        }
    }

    @Test
    void stopIsGentleFirst() throws Exception {
        try (LaunchedProcess process =
                start("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.01; done")) {
            process.awaitOutput(Pattern.compile("up"), DEADLINE);

            boolean gentle = process.stop(DEADLINE);

            assertThat(gentle).isTrue();
            assertThat(process.exitCode()).isZero();
            assertThat(process.output()).isEqualTo("up\nbye\n");
        }
    }

    @Test
    void stopKillsWhatIgnoresIt() throws Exception {
        try (LaunchedProcess process =
                start("trap '' TERM; echo up; while :; do sleep 0.01; done")) {
            process.awaitOutput(Pattern.compile("up"), DEADLINE);

            boolean gentle = process.stop(Duration.ofMillis(100));

            assertThat(gentle).isFalse();
            assertThat(process.exitCode()).isEqualTo(128 + 9);
        }
    }

    @Test
    void childrenEndWithIt() throws Exception {
        LaunchedProcess process = start("sleep 600 & echo child $!; wait");
        String pid = process.awaitOutput(Pattern.compile("child (\\d+)\n"), DEADLINE).group(1);
        ProcessHandle child = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();

        process.close();
        process.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(isGone(Optional.of(child))).isTrue();
    }

    @Test
    void exitThatDoesNotComeIsReported() {
        try (LaunchedProcess process = start("exec sleep 600")) {
            assertThatThrownBy(() -> process.awaitExit(Duration.ofMillis(100)))
                    .hasMessage(
                            "child (pid %d) still runs after 0.1 s. Last lines of its output:\n"
                                    .formatted(process.pid()));
        }
    }

    @Test
    void exitOfTheCallersJvmEndsIt() throws Exception {
        Command.Result caller =
                Command.of(
                                sandbox,
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ForgetfulCaller.class.getName())
                        .run(DEADLINE)
                        .requireSuccess();

        long pid = Long.parseLong(caller.stdout().strip());
        Await.every(Duration.ofMillis(20))
                .until("the end of pid " + pid, DEADLINE, () -> isGone(ProcessHandle.of(pid)));
    }

    /** A zombie that waits for an init process to reap it has no program any more. */
    private static boolean isGone(Optional<ProcessHandle> process) {
        return process.flatMap(handle -> handle.info().command()).isEmpty();
    }

    /** Starts a process and exits without closing it. */
    static final class ForgetfulCaller {
        public static void main(String[] args) {
            Sandbox sandbox = Sandbox.create(Path.of("tmp"));
            Command command = Command.of(sandbox, Path.of("/bin/sh"), "-c", "exec sleep 600");
            System.out.println(command.start("forgotten").pid());
            System.exit(0);
        }
    }

    private LaunchedProcess start(String script) {
        return Command.of(sandbox, Path.of("/bin/sh"), "-c", script).start("child");
    }
}
