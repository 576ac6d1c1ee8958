package io.sluice.runtime.launch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LaunchPlannerTest {

    @TempDir Path conf;

    @Test
    void argumentsWinOverTheFile() throws Exception {
        Files.writeString(conf.resolve("config.yaml"), "env.log.level: WARN\nenv.log.max: 3\n");

        LaunchPlan plan = plan("client", "-Denv.log.level=DEBUG");

        assertThat(plan.settings())
                .containsEntry("plan_log_level", "DEBUG")
                .containsEntry("plan_log_max", "3");
    }

    @Test
    void brokenYamlIsToldInOneLine() throws Exception {
        Files.writeString(conf.resolve("config.yaml"), "rest:\n  port: [8081\n");

        assertThatThrownBy(() -> plan("client"))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Cannot read the configuration: %s/config.yaml is not valid YAML: while parsing a flow sequence in reader, line 2, column 9 expected ',' or ']', but got <stream end> in reader, line 3, column 1."
                                .formatted(conf));
    }

    @Test
    void valueOfAnotherTypeIsToldWithItsKey() throws Exception {
        Files.writeString(
                conf.resolve("config.yaml"),
                "rest.port: abc\njobmanager.memory.process.size: 1g\n");

        assertThatThrownBy(() -> plan("jobmanager"))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Cannot use the configuration: Could not parse value 'abc' for key 'rest.port': For input string: \"abc\".");
    }

    @Test
    void unknownProfileIsToldWithTheKnownOnes() throws Exception {
        Files.writeString(conf.resolve("config.yaml"), "sluice.checkpointing.profile: fast\n");

        assertThatThrownBy(() -> plan("client"))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Cannot use the configuration: Option 'sluice.checkpointing.profile' is 'fast': there is no such profile. Valid are: default, hdfs.");
    }

    @Test
    void memoryThatDoesNotFitIsToldWithTheOptionsToChange() throws Exception {
        Files.writeString(conf.resolve("config.yaml"), "");

        assertThatThrownBy(() -> plan("taskmanager", "-Dtaskmanager.memory.process.size=100m"))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Cannot start the TaskManager: its memory cannot be planned. Sum of configured JVM Metaspace (256.000mb (268435456 bytes)) and JVM Overhead (192.000mb (201326592 bytes)) exceed configured Total Process Memory (100.000mb (104857600 bytes)). Change the options 'taskmanager.memory.*'.");
        assertThatThrownBy(() -> plan("jobmanager", "-Djobmanager.memory.process.size=100m"))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Cannot start the JobManager: its memory cannot be planned. Sum of configured JVM Metaspace (256.000mb (268435456 bytes)) and JVM Overhead (192.000mb (201326592 bytes)) exceed configured Total Process Memory (100.000mb (104857600 bytes)). Change the options 'jobmanager.memory.*'.");
    }

    @Test
    void memorySizeThatIsNoneIsToldWithItsKey() throws Exception {
        Files.writeString(conf.resolve("config.yaml"), "");

        assertThatThrownBy(() -> plan("taskmanager", "-Dtaskmanager.memory.process.size=lots"))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Cannot start the TaskManager: its memory cannot be planned. Cannot read memory size from config option 'taskmanager.memory.process.size': text does not start with a number. Change the options 'taskmanager.memory.*'.");
    }

    private LaunchPlan plan(String kind, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = kind;
        all[1] = "--configDir";
        all[2] = conf.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return LaunchPlanner.plan(all);
    }
}
