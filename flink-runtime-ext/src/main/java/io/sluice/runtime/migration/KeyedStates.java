package io.sluice.runtime.migration;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.StateMigration.Target;
import org.apache.flink.sluice.rpc.SubtaskState;

import java.util.List;

/** The keyed state backends of this process that can move state. Thread-safe; never blocks. */
public interface KeyedStates {

    /** Those of a process without the adaptive state backend. */
    KeyedStates NONE =
            new KeyedStates() {
                @Override
                public List<Backend> all() {
                    return List.of();
                }

                @Override
                public void move(long backend, Target target, double share, double pace) {
                    throw new IllegalArgumentException("There is no adaptive state.");
                }
            };

    /**
     * The state of an operator's subtask.
     *
     * @param id unique in the process
     * @param state without progress of a migration
     * @param entriesMoved since the backend was made
     * @param bytesMoved serialized, since the backend was made
     * @param movesFailed since the backend was made
     */
    record Backend(
            long id,
            JobID job,
            SubtaskState state,
            long entriesMoved,
            long bytesMoved,
            long movesFailed) {}

    List<Backend> all();

    /**
     * Asks a backend to move state, or to move it as it decides itself; a backend that has gone is
     * left alone.
     *
     * @param share of the key groups that is to be in {@code target}, in (0, 1]
     * @param pace share of its time that the task gives to the moves, in (0, 1]
     * @throws IllegalArgumentException if its mode does not allow moves; the message says what to
     *     change
     */
    void move(long backend, Target target, double share, double pace);
}
