package io.sluice.runtime.logging;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The loggers of log4j. */
final class Log4jLoggers implements Loggers {

    private final LoggerContext context;

    /** Those that are in the configuration only because they were given a level here. */
    private final Map<String, LoggerConfig> added = new ConcurrentHashMap<>();

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
        LoggerConfig own = own(configuration, logger);
        Level level = own == null ? null : own.getExplicitLevel();
        return level == null ? null : level.name();
    }

    private static @Nullable LoggerConfig own(Configuration configuration, String logger) {
        return logger.isEmpty()
                ? configuration.getRootLogger()
                : configuration.getLoggers().get(logger);
    }

    @Override
    public void setLevel(String logger, @Nullable String level) {
        Configuration configuration = context.getConfiguration();
        LoggerConfig own = own(configuration, logger);
        if (own == null) {
            if (level != null) {
                own = new LoggerConfig(logger, Level.valueOf(level), true);
                added.put(logger, own);
                configuration.addLogger(logger, own);
            }
        } else if (level == null && added.remove(logger, own)) {
            configuration.removeLogger(logger);
        } else {
            own.setLevel(level == null ? null : Level.valueOf(level));
        }
        context.updateLoggers(configuration);
    }
}
