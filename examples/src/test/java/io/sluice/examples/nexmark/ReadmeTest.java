package io.sluice.examples.nexmark;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.util.TimeUtils;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ReadmeTest {

    static List<ConfigOption<?>> options() {
        return NexmarkOptions.ALL;
    }

    @ParameterizedTest
    @MethodSource("options")
    void readmeShowsEveryOptionWithItsDefault(ConfigOption<?> option) throws Exception {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme).contains("| `%s` | %s |".formatted(option.key(), defaultOf(option)));
    }

    private static Object defaultOf(ConfigOption<?> option) {
        if (!option.hasDefaultValue()) {
            return "endless";
        }
        return option.defaultValue() instanceof Duration duration
                ? TimeUtils.formatWithHighestUnit(duration)
                : option.defaultValue();
    }
}
