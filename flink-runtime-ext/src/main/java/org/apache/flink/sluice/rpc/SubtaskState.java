package org.apache.flink.sluice.rpc;

import org.jspecify.annotations.Nullable;

import java.io.Serial;
import java.io.Serializable;

/**
 * Where the keyed state of an operator's subtask lives.
 *
 * @param vertex hexadecimal
 * @param task Flink's name of the vertex
 * @param operator Flink's name of the operator's state
 * @param movable whether its mode allows moves
 * @param keyGroupsMoving in both tiers
 * @param bytesOnHeap estimated
 * @param bytesOnDisk the estimated footprint that it would have on heap
 * @param lastReason of the last move, for people
 * @param lastFailure why a move last failed
 * @param progress of the job's last migration, if that concerns this subtask
 */
public record SubtaskState(
        String vertex,
        String task,
        String operator,
        int subtask,
        int attempt,
        String mode,
        boolean movable,
        int keyGroupsOnHeap,
        int keyGroupsOnDisk,
        int keyGroupsMoving,
        long entriesOnHeap,
        long entriesOnDisk,
        long bytesOnHeap,
        long bytesOnDisk,
        @Nullable String lastReason,
        @Nullable String lastFailure,
        @Nullable MigrationProgress progress)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    public SubtaskState with(MigrationProgress newProgress) {
        return new SubtaskState(
                vertex,
                task,
                operator,
                subtask,
                attempt,
                mode,
                movable,
                keyGroupsOnHeap,
                keyGroupsOnDisk,
                keyGroupsMoving,
                entriesOnHeap,
                entriesOnDisk,
                bytesOnHeap,
                bytesOnDisk,
                lastReason,
                lastFailure,
                newProgress);
    }
}
