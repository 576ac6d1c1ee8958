package io.sluice.runtime.logging;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.jspecify.annotations.Nullable;

/** The loggers of log4j. */
final class Log4jLoggers implements Loggers {

    private final LoggerContext context;

    /**
     * @throws IllegalStateException if this process logs by something else
     */
    Log4jLoggers() {
        Object found = LogManager.getContext(false);
        if (!(found instanceof LoggerContext log4j)) {
            throw new IllegalStateException(
                    "Log levels can be changed in log4j only; this process logs by %s."
                            .formatted(found.getClass().getName()));
        }
        context = log4j;
    }

    @Override
    public Object configuration() {
        return context.getConfiguration();
    }

    @Override
    public @Nullable String level(String logger) {
        Configuration configuration = context.getConfiguration();
        LoggerConfig own =
                logger.isEmpty()
                        ? configuration.getRootLogger()
                        : configuration.getLoggers().get(logger);
        return own == null ? null : own.getLevel().name();
    }

    @Override
    public void setLevel(String logger, @Nullable String level) {
        if (level != null) {
            Configurator.setLevel(logger, Level.valueOf(level));
            return;
        }
        Configuration configuration = context.getConfiguration();
        configuration.removeLogger(logger);
        context.updateLoggers(configuration);
    }
}
