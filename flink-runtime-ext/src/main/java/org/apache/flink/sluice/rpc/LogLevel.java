package org.apache.flink.sluice.rpc;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * A level that a logger is to have for a time.
 *
 * @param logger name; empty for the root logger
 * @param level of log4j
 * @param targets {@link #JOB_MANAGER} and resource ids of TaskManagers; none for all processes,
 *     also those that come later
 * @param epoch when it was requested, as in {@link DesiredState}
 * @param expiresMillis since 1970; from then on the logger has the level that it had before
 * @param keptMillis since 1970; until then it is kept even if it has expired, because a process may
 *     still have one that this replaced
 */
public record LogLevel(
        String logger,
        String level,
        List<String> targets,
        long epoch,
        long expiresMillis,
        long keptMillis)
        implements Serializable {

    public static final String JOB_MANAGER = "jobmanager";

    @Serial private static final long serialVersionUID = 1;

    public LogLevel {
        targets = targets.stream().sorted().distinct().toList();
    }

    /** One that replaces none. */
    public LogLevel(
            String logger, String level, List<String> targets, long epoch, long expiresMillis) {
        this(logger, level, targets, epoch, expiresMillis, expiresMillis);
    }

    public LogLevel at(long newEpoch) {
        return new LogLevel(logger, level, targets, newEpoch, expiresMillis, keptMillis);
    }

    /** Returns this, kept for as long as {@code older} may be somewhere. */
    public LogLevel replacing(LogLevel older) {
        return new LogLevel(
                logger,
                level,
                targets,
                epoch,
                expiresMillis,
                Math.max(keptMillis, older.keptMillis));
    }

    public boolean concerns(String target) {
        return targets.isEmpty() || targets.contains(target);
    }

    public boolean hasExpired(long nowMillis) {
        return nowMillis >= expiresMillis;
    }

    /** Whether nobody can have an older one any more that it would have to end. */
    public boolean isForgotten(long nowMillis) {
        return nowMillis >= keptMillis;
    }

    /** Whether this replaces {@code other}, or is replaced by it. */
    public boolean isSameRequestAs(LogLevel other) {
        return logger.equals(other.logger) && targets.equals(other.targets);
    }
}
