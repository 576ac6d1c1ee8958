package org.apache.flink.sluice.rpc;

import org.jspecify.annotations.Nullable;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * Where the keyed state of a job lives, as far as TaskManagers answered in time.
 *
 * @param silent those that did not, with the reason
 * @param migration the last, if there was any
 * @param lastProgress what TaskManagers last said of that migration: now, or before its tasks ended
 */
public record JobState(
        List<TaskManagerState> taskManagers,
        List<Silent> silent,
        @Nullable StateMigration migration,
        List<TaskManagerState> lastProgress)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    /** A TaskManager that did not answer. */
    public record Silent(String taskManager, String reason) implements Serializable {
        @Serial private static final long serialVersionUID = 1;
    }

    public JobState {
        taskManagers = List.copyOf(taskManagers);
        silent = List.copyOf(silent);
        lastProgress = List.copyOf(lastProgress);
    }
}
