package io.sluice.systemtests;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;

import io.sluice.fs.multiconf.MultiConfOptions;
import io.sluice.runtime.RuntimeOptions;
import io.sluice.state.adaptive.AdaptiveStateOptions;
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
            `mvn test -pl system-tests -am -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dsluice.docs.write=true`
            """;

    private static final String TABLE_HEAD =
            """

            | key | default | meaning |
            |---|---|---|
            """;

    private static final String ADAPTIVE =
            """

            ## Adaptive state backend

            With `state.backend.type: adaptive`. The options of Flink's RocksDB backend
            (`state.backend.rocksdb.*`) hold for the state on disk.
            """;

    private static final String RUNTIME =
            """

            ## Runtime extension
            """;

    private static final String MULTI_CONF =
            """

            ## Several configurations of one file system scheme

            Each name in the place of `<binding>` is a scheme of paths of its own, `<binding>://AUTHORITY/PATH`,
            with the file system, the configuration and the login that its options say. Read when a process
            starts.
            """;

    @Test
    void pageIsWhatTheOptionsSay() throws IOException {
        Path page = Path.of("..", "docs", "configuration.md");
        String expected =
                HEAD
                        + ADAPTIVE
                        + table(AdaptiveStateOptions.class)
                        + RUNTIME
                        + table(RuntimeOptions.class)
                        + MULTI_CONF
                        + table(MultiConfOptions.class);
        if (Boolean.getBoolean("sluice.docs.write")) {
            Files.writeString(page, expected);
        }

        String actual = Files.readString(page);

        assertThat(actual)
                .as("docs/configuration.md is stale; its head says how to write it anew")
                .isEqualTo(expected);
    }

    private static String table(Class<?> options) {
        return Arrays.stream(options.getDeclaredFields())
                .filter(field -> Modifier.isPublic(field.getModifiers()))
                .filter(field -> field.getType().equals(ConfigOption.class))
                .map(
                        field -> {
                            try {
                                return row((ConfigOption<?>) field.get(null));
                            } catch (IllegalAccessException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                .collect(Collectors.joining("", TABLE_HEAD, ""));
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
