package io.sluice.testkit.cluster;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Runs real children of {@code /bin/sh}. */
class CommandTest {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void resultHoldsExitCodeAndBothOutputs() throws Exception {
        Command.Result result = sh("echo out; echo err >&2; exit 3").run(DEADLINE);

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.stdout()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo("err\n");
        assertThatThrownBy(result::requireSuccess)
                .hasMessage(
                        "'/bin/sh -c echo out; echo err >&2; exit 3' ended with exit code 3.\nstdout:\nout\nstderr:\nerr");
    }

    @Test
    void standardInputIsEmpty() throws Exception {
        assertThat(sh("cat").run(DEADLINE).requireSuccess().stdout()).isEmpty();
    }

    @Test
    void deadlineKillsItAndShowsItsOutput() {
        assertThatThrownBy(() -> sh("echo started; exec sleep 600").run(Duration.ofMillis(200)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "'/bin/sh -c echo started; exec sleep 600' did not end within 0.2 s and was killed.\nstdout:\nstarted\nstderr:\n");
    }

    @Test
    void daemonLeftBehindDoesNotHoldUpTheResult() throws Exception {
        Command.Result result = sh("sleep 600 & echo $!").run(DEADLINE);

        ProcessHandle daemon =
                ProcessHandle.of(Long.parseLong(result.stdout().strip())).orElseThrow();
        assertThat(daemon.isAlive()).isTrue();
        daemon.destroyForcibly();
    }

    @Test
    void environmentIsChangedPerCommand() throws Exception {
        Command command = sh("echo ${FLINK_CONF_DIR-unset} ${JAVA_HOME-unset}");

        Command changed = command.env("FLINK_CONF_DIR", "/conf").withoutEnv("JAVA_HOME");

        assertThat(changed.run(DEADLINE).stdout()).isEqualTo("/conf unset\n");
        assertThat(command.run(DEADLINE).stdout()).startsWith("unset /");
    }

    @Test
    void launcherRunsTheCommandBehindIt() throws Exception {
        Command command = sh("echo $0 $FLINK_CONF_DIR").env("FLINK_CONF_DIR", "/conf");

        Command launched = command.behind("/usr/bin/env", "FLINK_CONF_DIR=/other");

        assertThat(launched.run(DEADLINE).stdout()).isEqualTo("/bin/sh /other\n");
    }

    @Test
    void callersFlinkVariablesAreNotInherited() {
        Map<String, String> inherited =
                Command.inherited(
                        Map.of(
                                "FLINK_ENV_JAVA_OPTS", "-Xint",
                                "SLUICE_CDS", "off",
                                "JAVA_TOOL_OPTIONS", "-Xint",
                                "JAVA_HOME", "/jdk",
                                "PATH", "/bin"));

        assertThat(inherited)
                .containsOnly(Map.entry("JAVA_HOME", "/jdk"), Map.entry("PATH", "/bin"));
    }

    @Test
    void programThatCannotStartIsNamed() {
        assertThatThrownBy(() -> Command.of(sandbox, Path.of("/no/such")).run(DEADLINE))
                .hasMessage("Cannot start '/no/such'.");
    }

    private Command sh(String script) {
        return Command.of(sandbox, Path.of("/bin/sh"), "-c", script);
    }
}
