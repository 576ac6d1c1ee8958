package org.apache.flink.sluice.rpc;

import org.jspecify.annotations.Nullable;

import java.io.Serial;
import java.io.Serializable;

/**
 * How far a migration is in one subtask.
 *
 * @param trigger of the migration
 * @param keyGroupsWanted in the target
 * @param keyGroupsThere completely
 * @param entriesMoved since it began; of map state each of a map
 * @param bytesMoved serialized, since it began
 * @param millis since it began, until it ended
 * @param error why it failed, or last failed and will be tried again
 */
public record MigrationProgress(
        String trigger,
        Phase phase,
        int keyGroupsWanted,
        int keyGroupsThere,
        long entriesMoved,
        long bytesMoved,
        long millis,
        @Nullable String error)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    /** What it is at. */
    public enum Phase {
        MOVING,
        DONE,
        /** And is not tried again. */
        FAILED
    }
}
