package io.sluice.runtime.logging;

import org.apache.flink.sluice.rpc.LogLevel;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Gives the loggers of this process the levels that users want, for as long as they want them, and
 * then the level that they had before.
 *
 * <p>Owned by one thread.
 */
public final class LogLevels {

    private static final Logger LOG = LoggerFactory.getLogger(LogLevels.class);

    private final String target;
    private final @Nullable Loggers loggers;
    private final @Nullable String problem;
    private final LongSupplier clockMillis;

    private List<LogLevel> wanted = List.of();

    /** By logger. */
    private final Map<String, Changed> changed = new HashMap<>();

    private @Nullable Object configuration;

    /**
     * A logger with a level of ours.
     *
     * @param original null if it had none of its own
     */
    private record Changed(@Nullable String original, String level) {}

    private LogLevels(
            String target,
            @Nullable Loggers loggers,
            @Nullable String problem,
            LongSupplier clockMillis) {
        this.target = target;
        this.loggers = loggers;
        this.problem = problem;
        this.clockMillis = clockMillis;
    }

    /**
     * @param clockMillis since 1970
     */
    LogLevels(String target, Loggers loggers, LongSupplier clockMillis) {
        this(target, loggers, null, clockMillis);
    }

    /**
     * Returns those of this process.
     *
     * @param target its name in {@link LogLevel#targets}
     */
    public static LogLevels ofProcess(String target) {
        try {
            return new LogLevels(target, new Log4jLoggers(), System::currentTimeMillis);
        } catch (IllegalStateException | NoClassDefFoundError e) {
            String problem =
                    e instanceof IllegalStateException
                            ? e.getMessage()
                            : "Log levels can be changed in log4j only; log4j-core is not in lib/.";
            return new LogLevels(target, null, problem, System::currentTimeMillis);
        }
    }

    /** Returns why no level can be set here, or null. */
    public @Nullable String problem() {
        return problem;
    }

    /** Replaces all that is wanted. */
    public void follow(List<LogLevel> levels) {
        wanted = List.copyOf(levels);
        if (problem != null && !wanted.isEmpty()) {
            LOG.warn("{}", problem);
        }
        advance();
    }

    /** Ends what has expired, and sets anew what a changed configuration file has undone. */
    public void advance() {
        if (loggers == null || (wanted.isEmpty() && changed.isEmpty())) {
            return;
        }
        if (loggers.configuration() != configuration) {
            configuration = loggers.configuration();
            changed.clear();
        }
        Map<String, String> levels = levels();
        for (Iterator<Map.Entry<String, Changed>> all = changed.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<String, Changed> one = all.next();
            if (!levels.containsKey(one.getKey())) {
                String original = one.getValue().original();
                loggers.setLevel(one.getKey(), original);
                all.remove();
                LOG.info(
                        "Logger '{}' is back at {}.",
                        one.getKey(),
                        original == null ? "the level of its parent" : original);
            }
        }
        levels.forEach(
                (logger, level) -> {
                    Changed before = changed.get(logger);
                    if (before == null || !before.level().equals(level)) {
                        String original =
                                before == null ? loggers.level(logger) : before.original();
                        loggers.setLevel(logger, level);
                        changed.put(logger, new Changed(original, level));
                        LOG.info("Logger '{}' is at {} until that expires.", logger, level);
                    }
                });
    }

    /** Returns the level of each logger: of several requests, the newest. */
    private Map<String, String> levels() {
        long now = clockMillis.getAsLong();
        Map<String, LogLevel> newest = new HashMap<>();
        for (LogLevel level : wanted) {
            if (level.concerns(target) && !level.hasExpired(now)) {
                newest.merge(
                        level.logger(), level, (one, two) -> one.epoch() > two.epoch() ? one : two);
            }
        }
        Map<String, String> levels = new HashMap<>();
        newest.forEach((logger, level) -> levels.put(logger, level.level()));
        return levels;
    }
}
