package org.apache.flink.sluice.rpc;

import org.jspecify.annotations.Nullable;

import java.io.Serial;
import java.io.Serializable;

/**
 * Answer to a {@link TaskManagerHeartbeat}.
 *
 * @param news what is desired, if it is newer than what the TaskManager knows
 * @param tellAll whether the JobManager lacks what the TaskManager knows, and says nothing before
 *     it has heard it
 */
public record HeartbeatReply(@Nullable DesiredState news, boolean tellAll) implements Serializable {

    @Serial private static final long serialVersionUID = 1;
}
