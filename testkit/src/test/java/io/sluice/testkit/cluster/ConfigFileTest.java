package io.sluice.testkit.cluster;

import org.apache.flink.configuration.GlobalConfiguration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every expectation is what Flink's own parser reads. */
class ConfigFileTest {

    @TempDir Path source;
    @TempDir Path target;

    @Test
    void overrideReplacesNestedEntryAndKeepsItsSiblings() throws Exception {
        config("jobmanager:\n  rpc:\n    address: host-a\n    port: 6123\n");

        ConfigFile.copy(source, target, Map.of("jobmanager.rpc.port", "7000"));

        assertThat(readByFlink())
                .containsOnly(
                        Map.entry("jobmanager.rpc.address", "host-a"),
                        Map.entry("jobmanager.rpc.port", "7000"));
    }

    @Test
    void overrideReplacesFlatEntriesHoweverTheyAreWritten() throws Exception {
        config(
                """
                # a comment: kept
                a.plain : 1
                "a.quoted": 2
                a.list:
                - x
                - y
                a.block:
                  z
                a.kept: 3
                """);

        ConfigFile.copy(
                source,
                target,
                Map.of("a.plain", "p", "a.quoted", "q", "a.list", "l", "a.block", "b"));

        assertThat(readByFlink())
                .containsOnly(
                        Map.entry("a.plain", "p"),
                        Map.entry("a.quoted", "q"),
                        Map.entry("a.list", "l"),
                        Map.entry("a.block", "b"),
                        Map.entry("a.kept", "3"));
        assertThat(target.resolve("config.yaml")).content().startsWith("# a comment: kept\n");
    }

    @Test
    void valuesArriveAsTheyAre() throws Exception {
        config("");
        Map<String, String> values =
                Map.of(
                        "quotes", "it's \"so\"",
                        "backslash", "\\d+",
                        "yaml", "[a: {b}] # no comment",
                        "lines", "one\ntwo\tthree",
                        "options", "-Dk=v -XX:+UseG1GC");

        ConfigFile.copy(source, target, values);

        assertThat(readByFlink()).containsExactlyInAnyOrderEntriesOf(values);
    }

    @Test
    void otherFilesAreCopied() throws Exception {
        config("a: b");
        Files.createDirectories(source.resolve("more"));
        Files.writeString(source.resolve("more/log4j.properties"), "x");

        ConfigFile.copy(source, target, Map.of());

        assertThat(target.resolve("more/log4j.properties")).hasContent("x");
    }

    @Test
    void missingConfigurationIsNamed() {
        assertThatThrownBy(() -> ConfigFile.copy(source, target, Map.of()))
                .hasMessage(
                        "%s/config.yaml is missing: there is no configuration to copy."
                                .formatted(source));
    }

    private void config(String text) throws Exception {
        Files.writeString(source.resolve("config.yaml"), text);
    }

    private Map<String, String> readByFlink() {
        return GlobalConfiguration.loadConfiguration(target.toString()).toMap();
    }
}
