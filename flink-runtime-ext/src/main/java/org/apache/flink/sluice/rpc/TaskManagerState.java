package org.apache.flink.sluice.rpc;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * What a TaskManager has of a job's state.
 *
 * @param epoch of the desired state that it works on
 */
public record TaskManagerState(String taskManager, long epoch, List<SubtaskState> subtasks)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    public TaskManagerState {
        subtasks = List.copyOf(subtasks);
    }
}
