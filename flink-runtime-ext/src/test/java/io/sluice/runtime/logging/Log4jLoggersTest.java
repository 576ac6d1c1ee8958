package io.sluice.runtime.logging;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Log4jLoggersTest {

    private static final String LOGGER = "io.acme.orders";

    private final Log4jLoggers loggers = new Log4jLoggers();
    private final Logger logger = LogManager.getLogger(LOGGER + ".Book");

    @AfterEach
    void reload() {
        context().reconfigure();
    }

    private static LoggerContext context() {
        return (LoggerContext) LogManager.getContext(false);
    }

    @Test
    void levelOfALoggerHoldsForThoseBelowAndEndsWithIt() {
        boolean atFirst = logger.isTraceEnabled();
        String own = loggers.level(LOGGER);
        loggers.setLevel(LOGGER, "TRACE");
        boolean set = logger.isTraceEnabled();
        String ownWhileSet = loggers.level(LOGGER);
        loggers.setLevel(LOGGER, null);

        assertThat(atFirst).isFalse();
        assertThat(own).isNull();
        assertThat(set).isTrue();
        assertThat(ownWhileSet).isEqualTo("TRACE");
        assertThat(logger.isTraceEnabled()).isFalse();
        assertThat(loggers.level(LOGGER)).isNull();
    }

    @Test
    void configuredLoggerWithoutALevelStaysAndHasNoneAgain() {
        Configuration configuration = context().getConfiguration();
        LoggerConfig configured = new LoggerConfig(LOGGER, null, false);
        configuration.addLogger(LOGGER, configured);

        String before = loggers.level(LOGGER);
        loggers.setLevel(LOGGER, "TRACE");
        boolean set = logger.isTraceEnabled();
        loggers.setLevel(LOGGER, before);

        assertThat(before).isNull();
        assertThat(set).isTrue();
        assertThat(logger.isTraceEnabled()).isFalse();
        assertThat(configured.getExplicitLevel()).isNull();
        assertThat(configuration.getLoggers()).containsEntry(LOGGER, configured);
    }

    @Test
    void addedLoggerIsTakenAwayAgain() {
        loggers.setLevel(LOGGER, "TRACE");
        loggers.setLevel(LOGGER, "DEBUG");
        loggers.setLevel(LOGGER, null);

        assertThat(context().getConfiguration().getLoggers()).doesNotContainKey(LOGGER);
    }

    @Test
    void rootLoggerHasALevelToo() {
        String before = loggers.level("");
        loggers.setLevel("", "TRACE");
        boolean set = logger.isTraceEnabled();
        loggers.setLevel("", before);

        assertThat(before).isNotNull();
        assertThat(set).isTrue();
        assertThat(logger.isTraceEnabled()).isFalse();
    }

    @Test
    void readConfigurationIsAnotherOne() {
        Object before = loggers.configuration();
        Object same = loggers.configuration();

        reload();

        assertThat(same).isSameAs(before);
        assertThat(loggers.configuration()).isNotSameAs(before);
    }
}
