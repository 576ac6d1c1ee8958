package io.sluice.runtime.logging;

import org.apache.flink.sluice.rpc.LogLevel;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class LogLevelsTest {

    private static final String LOGGER = "io.acme";

    private final TestingLoggers loggers = new TestingLoggers();
    private long now = 1_000;
    private final LogLevels levels = new LogLevels("tm-1", loggers, () -> now);

    private static final class TestingLoggers implements Loggers {

        final Map<String, String> levels = new HashMap<>();
        Object configuration = new Object();

        @Override
        public Object configuration() {
            return configuration;
        }

        @Override
        public @Nullable String level(String logger) {
            return levels.get(logger);
        }

        @Override
        public void setLevel(String logger, @Nullable String level) {
            if (level == null) {
                levels.remove(logger);
            } else {
                levels.put(logger, level);
            }
        }

        void reload(Map<String, String> file) {
            levels.clear();
            levels.putAll(file);
            configuration = new Object();
        }
    }

    @Test
    void levelIsSetAndFallsBackWhenItExpires() {
        loggers.levels.put(LOGGER, "WARN");
        levels.follow(List.of(level("DEBUG", 1, 2_000)));
        now = 1_999;
        levels.advance();
        String before = loggers.level(LOGGER);
        now = 2_000;
        levels.advance();

        assertThat(before).isEqualTo("DEBUG");
        assertThat(loggers.level(LOGGER)).isEqualTo("WARN");
    }

    @Test
    void loggerWithoutALevelOfItsOwnLosesItAgain() {
        levels.follow(List.of(level("DEBUG", 1, 2_000)));
        levels.follow(List.of());

        assertThat(loggers.levels).isEmpty();
    }

    @Test
    void newerRequestWinsAndTheOlderHoldsAgainAfterIt() {
        LogLevel forAll = level("DEBUG", 1, 3_000);
        LogLevel newer = level("TRACE", 2, 2_000, "tm-1");

        levels.follow(List.of(newer, forAll));
        String first = loggers.level(LOGGER);
        now = 2_000;
        levels.advance();
        String second = loggers.level(LOGGER);
        now = 3_000;
        levels.advance();

        assertThat(first).isEqualTo("TRACE");
        assertThat(second).isEqualTo("DEBUG");
        assertThat(loggers.levels).isEmpty();
    }

    @Test
    void otherTargetsAreLeftAlone() {
        levels.follow(List.of(level("DEBUG", 1, 2_000, "tm-2", LogLevel.JOB_MANAGER)));

        assertThat(loggers.levels).isEmpty();
    }

    @Test
    void changedFileIsOverriddenAgainAndIsWhatItFallsBackTo() {
        levels.follow(List.of(level("DEBUG", 1, 2_000)));

        loggers.reload(Map.of(LOGGER, "ERROR"));
        levels.advance();
        String overridden = loggers.level(LOGGER);
        now = 2_000;
        levels.advance();

        assertThat(overridden).isEqualTo("DEBUG");
        assertThat(loggers.level(LOGGER)).isEqualTo("ERROR");
    }

    @Test
    void replacedLevelFallsBackToWhatWasBeforeBoth() {
        loggers.levels.put(LOGGER, "WARN");
        levels.follow(List.of(level("DEBUG", 1, 2_000)));
        levels.follow(List.of(level("TRACE", 2, 2_000)));
        levels.follow(List.of());

        assertThat(loggers.level(LOGGER)).isEqualTo("WARN");
    }

    private static LogLevel level(String level, long epoch, long expires, String... targets) {
        return new LogLevel(LOGGER, level, List.of(targets), epoch, expires);
    }
}
