package org.apache.flink.sluice.rpc;

import java.io.Serial;
import java.io.Serializable;

/**
 * What became of a request to migrate state.
 *
 * @param message for the user, if it was not accepted
 */
public record MigrationAnswer(Outcome outcome, String message) implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    /** Whether it was accepted, and if not, what was in its way. */
    public enum Outcome {
        ACCEPTED,
        /** One of the same job is under way, or may be. */
        BUSY,
        /** There is no such state. */
        NOTHING_TO_MOVE,
        UNKNOWN_TASK_MANAGER,
        /** The state is pinned to a tier. */
        PINNED
    }
}
