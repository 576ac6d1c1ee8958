package io.sluice.state.adaptive;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Keeps docs/configuration.md what the options say. */
class ConfigurationPageTest {

    private static final String HEAD =
            """
            # Configuration

            Generated from the options classes; `mvn test` fails when it is stale. To write it anew:
            `mvn test -pl flink-statebackend-adaptive -Dtest=ConfigurationPageTest -Dsluice.docs.write=true`

            ## Adaptive state backend

            With `state.backend.type: adaptive`. The options of Flink's RocksDB backend
            (`state.backend.rocksdb.*`) hold for the state on disk.

            | key | default | meaning |
            |---|---|---|
            """;

    @Test
    void pageIsWhatTheOptionsSay() throws IOException {
        Path page = Path.of("..", "docs", "configuration.md");
        String expected = HEAD + rows();
        if (Boolean.getBoolean("sluice.docs.write")) {
            Files.writeString(page, expected);
        }

        String actual = Files.readString(page);

        assertThat(actual)
                .as("docs/configuration.md is stale; its head says how to write it anew")
                .isEqualTo(expected);
    }

    private static String rows() {
        return Arrays.stream(AdaptiveStateOptions.class.getDeclaredFields())
                .filter(field -> Modifier.isPublic(field.getModifiers()))
                .map(
                        field -> {
                            try {
                                return row((ConfigOption<?>) field.get(null));
                            } catch (IllegalAccessException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                .collect(Collectors.joining());
    }

    private static String row(ConfigOption<?> option) {
        String text = new HtmlFormatter().format(option.description()).replace("|", "\\|");
        return "| `%s` | %s | %s |\n".formatted(option.key(), value(option), text);
    }

    private static String value(ConfigOption<?> option) {
        if (!option.hasDefaultValue()) {
            return "(none)";
        }
        Object value = option.defaultValue();
        if (value instanceof Duration duration) {
            return TimeUtils.formatWithHighestUnit(duration);
        }
        return String.valueOf(value);
    }
}
