package org.apache.flink.sluice.rpc;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.UUID;

/**
 * What the users of a cluster want of its TaskManagers, all of it: a TaskManager that comes late
 * needs nothing else.
 *
 * @param leader session of the JobManager that says so
 * @param incarnation of the JobManager process: without high availability, the session of a new
 *     process is that of the old one
 * @param epoch greater than those of all earlier ones, across leaders too as far as their clocks
 *     agree
 * @param migrations at most one a job, the last
 * @param logLevels at most one for the same logger and targets
 */
public record DesiredState(
        UUID leader,
        UUID incarnation,
        long epoch,
        List<StateMigration> migrations,
        List<LogLevel> logLevels)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    /** What tells one desired state from another: the same process never gives an epoch twice. */
    public record Version(UUID incarnation, long epoch) implements Serializable {
        @Serial private static final long serialVersionUID = 1;
    }

    public DesiredState {
        migrations = List.copyOf(migrations);
        logLevels = List.copyOf(logLevels);
    }

    public Version version() {
        return new Version(incarnation, epoch);
    }

    /** Whether this is newer than {@code other}, which may come from another JobManager. */
    public boolean isNewerThan(DesiredState other) {
        return epoch > other.epoch;
    }
}
