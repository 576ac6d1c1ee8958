package io.sluice.systemtests;

import io.sluice.examples.nexmark.HighestBids;
import io.sluice.examples.nexmark.NexmarkSettings;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** A JobManager that runs one application and ends with it. */
class ApplicationModeST {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final String MAIN_CLASS = "io.sluice.examples.nexmark.HighestBidJob";
    private static final long EVENTS = 20_000;

    private final Sandbox sandbox = Sandbox.create();
    private final Path output = sandbox.root().resolve("highest-bids");

    @AfterEach
    void clean() throws Exception {
        sandbox.killProcesses();
        sandbox.close();
    }

    @Test
    void runsTheJarInUsrlib() throws Exception {
        Distribution distribution =
                Distribution.fromSystemProperty().copyTo(sandbox.root().resolve("sluice"));
        Path usrlib = Files.createDirectories(distribution.home().resolve("usrlib"));
        Files.copy(distribution.examples().resolve("nexmark.jar"), usrlib.resolve("nexmark.jar"));

        runToItsEnd(distribution, List.of());
    }

    @Test
    void runsTheJarThatIsNamed() throws Exception {
        Distribution distribution = Distribution.fromSystemProperty();
        Path jar = distribution.examples().resolve("nexmark.jar");

        runToItsEnd(distribution, List.of("--jars", jar.toUri().toString()));
    }

    private void runToItsEnd(Distribution distribution, List<String> options) throws Exception {
        Installation installation =
                new Installation(
                        distribution,
                        sandbox,
                        Map.of(
                                "execution.checkpointing.interval", "200ms",
                                "taskmanager.numberOfTaskSlots", "2",
                                "jobmanager.memory.process.size", "1g"));
        try (LaunchedProcess jobManager =
                        installation
                                .command("standalone-job.sh", "start-foreground")
                                .args("--job-classname", MAIN_CLASS)
                                .args(options.toArray(String[]::new))
                                .args("-Dparallelism.default=2")
                                .args("--events", Long.toString(EVENTS))
                                .args("--output", output.toString())
                                .start("standalone-job");
                LaunchedProcess taskManager =
                        installation
                                .command("taskmanager.sh", "start-foreground")
                                .start("taskmanager")) {
            jobManager.awaitOutput(
                    Pattern.compile(
                            "Highest bid per auction .*switched from state CREATED to RUNNING"),
                    DEADLINE);
            List<String> commandLine = new LinuxProcess(jobManager.pid()).commandLine();

            assertThat(jobManager.awaitExit(DEADLINE)).isZero();

            assertThat(taskManager.isAlive()).isTrue();
            assertThat(jobManager.output())
                    .contains("switched from state RUNNING to FINISHED")
                    .contains("Application completed SUCCESSFULLY");
            // Flink takes all that follows an argument it does not know for the application's.
            assertThat(commandLine.indexOf("jobmanager.memory.jvm-metaspace.size=268435456b"))
                    .isBetween(0, commandLine.indexOf("--events"));
        }
        HighestBids.Comparison result =
                HighestBids.of(NexmarkSettings.defaults().withEvents(EVENTS)).compareWith(output);
        assertThat(result.exact()).as(result.toString()).isTrue();
    }
}
