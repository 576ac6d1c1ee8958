package io.sluice.systemtests;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code ./demo} as a user runs it, with a shorter stream. */
class DemoST {

    private static final Path DEMO = Path.of(System.getProperty("sluice.root"), "demo");
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void resultIsExactDespiteAKilledTaskManager() throws Exception {
        Command.Result result =
                demo("--events", "600000", "--events-per-second", "50000").run(DEADLINE);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.stdout())
                .containsPattern("Failure +tm-[12] killed with signal 9; all tasks ran again after")
                .contains(
                        "Result       exact: 36000 of 36000 results: 0 missing, 0 unexpected, 0 duplicated, 0 different");
        assertThat(sandbox.tmp()).isEmptyDirectory();
    }

    @Test
    void interruptLeavesNoProcessAndNoFile() throws Exception {
        LaunchedProcess demo = demo().start("demo");
        demo.awaitOutput(Pattern.compile("Running: "), DEADLINE);
        List<ProcessHandle> cluster = demo.handle().descendants().toList();

        demo.requestStop();
        demo.awaitExit(Duration.ofSeconds(30));

        assertThat(demo.output())
                .endsWith("Interrupted: everything is stopped, and nothing is left.\n");
        assertThat(cluster).hasSize(3).noneMatch(ProcessHandle::isAlive);
        assertThat(sandbox.tmp()).isEmptyDirectory();
    }

    @Test
    void unknownArgumentIsRefused() throws Exception {
        Command.Result result = demo("--event", "5").run(DEADLINE);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.stderr())
                .isEqualTo(
                        "There is no argument '--event'. Valid are --events, --events-per-second and --seed, each with a number.\n");
    }

    private Command demo(String... arguments) {
        return Command.of(sandbox, DEMO, arguments).env("TMPDIR", sandbox.tmp().toString());
    }
}
