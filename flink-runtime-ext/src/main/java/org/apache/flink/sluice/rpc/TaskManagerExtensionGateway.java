package org.apache.flink.sluice.rpc;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rpc.RpcGateway;
import org.apache.flink.runtime.rpc.RpcTimeout;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What the extension of a TaskManager does for the JobManager. */
public interface TaskManagerExtensionGateway extends RpcGateway {

    /**
     * Tells what is desired from now on, all of it.
     *
     * @return whether the TaskManager took it: not if it knows newer, or follows another leader
     */
    CompletableFuture<Boolean> apply(DesiredState desired, @RpcTimeout Duration timeout);

    /** Returns what this TaskManager has of a job's state. */
    CompletableFuture<TaskManagerState> requestState(JobID job, @RpcTimeout Duration timeout);

    /**
     * Returns what the tasks of this TaskManager did.
     *
     * @param sinceMillis end of the last period that the caller knows, since 1970; as much as is
     *     kept if it is negative
     */
    CompletableFuture<EncodedLoads> requestLoads(long sinceMillis, @RpcTimeout Duration timeout);
}
