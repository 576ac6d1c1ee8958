package org.apache.flink.sluice.rpc;

import org.jspecify.annotations.Nullable;

import java.io.Serial;
import java.io.Serializable;

/**
 * A TaskManager is there.
 *
 * @param address of its extension
 * @param version of what it last heard that is desired, from this or another JobManager
 * @param known all of that, if it was asked for
 * @param logProblem why it cannot set log levels
 */
public record TaskManagerHeartbeat(
        String taskManager,
        String address,
        DesiredState.@Nullable Version version,
        @Nullable DesiredState known,
        @Nullable String logProblem)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;
}
