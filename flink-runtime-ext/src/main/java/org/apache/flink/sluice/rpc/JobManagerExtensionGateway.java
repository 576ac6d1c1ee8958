package org.apache.flink.sluice.rpc;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rpc.RpcGateway;
import org.apache.flink.runtime.rpc.RpcTimeout;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What the extension of a JobManager does for TaskManagers and for REST handlers. */
public interface JobManagerExtensionGateway extends RpcGateway {

    /**
     * A TaskManager is there; it gets what is desired now if that is news to it, unless it is asked
     * for what it knows first.
     */
    CompletableFuture<HeartbeatReply> heartbeat(
            TaskManagerHeartbeat heartbeat, @RpcTimeout Duration timeout);

    /** Starts a migration of a job's state unless something is in its way. */
    CompletableFuture<MigrationAnswer> startMigration(
            StateMigration migration, @RpcTimeout Duration timeout);

    /** Returns where the state of a job lives, and how its last migration goes. */
    CompletableFuture<JobState> requestJobState(JobID job, @RpcTimeout Duration timeout);

    /**
     * Sets a log level, or ends it if it has expired already.
     *
     * @return null if that was done, otherwise which target is unknown, for the user
     */
    CompletableFuture<@Nullable String> setLogLevel(LogLevel level, @RpcTimeout Duration timeout);

    /** Returns the log levels that are wanted now, and who has them. */
    CompletableFuture<LogLevelState> requestLogLevels(@RpcTimeout Duration timeout);

    /** Returns what the tasks of a job did in the last period. */
    CompletableFuture<JobBackpressure> requestBackpressure(JobID job, @RpcTimeout Duration timeout);

    /**
     * Returns how long the vertices of a job were held back.
     *
     * @param fromMillis since 1970
     * @param toMillis since 1970
     * @param stepMillis that one point covers
     */
    CompletableFuture<PastBackpressure> requestBackpressureHistory(
            JobID job,
            long fromMillis,
            long toMillis,
            long stepMillis,
            @RpcTimeout Duration timeout);

    /**
     * Returns when subtasks of a job were held back.
     *
     * @param vertex hexadecimal; null for all
     * @param limit at most so many
     */
    CompletableFuture<PastEpisodes> requestEpisodes(
            JobID job, @Nullable String vertex, int limit, @RpcTimeout Duration timeout);
}
