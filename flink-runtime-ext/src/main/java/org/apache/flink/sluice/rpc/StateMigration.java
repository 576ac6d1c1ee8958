package org.apache.flink.sluice.rpc;

import org.apache.flink.api.common.JobID;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * A request to move a job's keyed state.
 *
 * @param trigger hexadecimal; unique
 * @param epoch when it was requested, as in {@link DesiredState}
 * @param vertices hexadecimal; none for all
 * @param taskManagers resource ids; none for all
 * @param share of the key groups of each subtask that is to be in the target, in (0, 1]
 * @param pace share of its time that a task gives to the moves, in (0, 1]
 */
public record StateMigration(
        String trigger,
        JobID job,
        long epoch,
        Target target,
        List<String> vertices,
        List<String> taskManagers,
        double share,
        double pace)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    /** Where the state is to be. */
    public enum Target {
        HEAP,
        DISK,
        /** Wherever the TaskManager decides, as before any migration. */
        AUTO
    }

    public StateMigration {
        vertices = List.copyOf(vertices);
        taskManagers = List.copyOf(taskManagers);
    }

    public StateMigration at(long newEpoch) {
        return new StateMigration(
                trigger, job, newEpoch, target, vertices, taskManagers, share, pace);
    }

    /** Whether state of this vertex is meant, in that TaskManager. */
    public boolean concerns(String vertex, String taskManager) {
        return (vertices.isEmpty() || vertices.contains(vertex))
                && (taskManagers.isEmpty() || taskManagers.contains(taskManager));
    }
}
