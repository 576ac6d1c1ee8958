package org.apache.flink.sluice.rpc;

import org.jspecify.annotations.Nullable;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * The log levels that are wanted now, and who has them.
 *
 * @param levels that have not expired
 * @param processes the JobManager and the TaskManagers that are known
 */
public record LogLevelState(List<LogLevel> levels, List<Target> processes) implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    public LogLevelState {
        levels = List.copyOf(levels);
        processes = List.copyOf(processes);
    }

    /**
     * A JobManager or TaskManager.
     *
     * @param target as in {@link LogLevel}
     * @param upToDate whether it has heard of all levels
     * @param problem why it cannot set levels
     */
    public record Target(String target, boolean upToDate, @Nullable String problem)
            implements Serializable {
        @Serial private static final long serialVersionUID = 1;
    }
}
