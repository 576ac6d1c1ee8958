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
 */
public record LogLevel(
        String logger, String level, List<String> targets, long epoch, long expiresMillis)
        implements Serializable {

    public static final String JOB_MANAGER = "jobmanager";

    @Serial private static final long serialVersionUID = 1;

    public LogLevel {
        targets = targets.stream().sorted().distinct().toList();
    }

    public LogLevel at(long newEpoch) {
        return new LogLevel(logger, level, targets, newEpoch, expiresMillis);
    }

    public boolean concerns(String target) {
        return targets.isEmpty() || targets.contains(target);
    }

    public boolean hasExpired(long nowMillis) {
        return nowMillis >= expiresMillis;
    }

    /** Whether this replaces {@code other}, or is replaced by it. */
    public boolean isSameRequestAs(LogLevel other) {
        return logger.equals(other.logger) && targets.equals(other.targets);
    }
}
