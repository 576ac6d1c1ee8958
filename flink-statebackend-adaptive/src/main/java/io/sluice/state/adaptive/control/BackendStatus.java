package io.sluice.state.adaptive.control;

import io.sluice.state.adaptive.placement.PlacementMode;
import org.jspecify.annotations.Nullable;

/**
 * Where the state of one operator subtask lives, and what its moves came to, as of {@code
 * measuredAtMillis}.
 *
 * @param jobId hexadecimal, as Flink prints it
 * @param vertexId hexadecimal, as Flink prints it
 * @param operator Flink's name for the operator's state, which contains the subtask
 * @param keyGroupsMoving those whose move was stopped half-way among them
 * @param timers timers are on heap whatever the placement
 * @param bytesOnHeap estimated by sampling
 * @param bytesOnDisk the estimated footprint that the entries on disk would have on heap
 * @param rowsMoved since the backend was made, both directions
 * @param bytesMoved serialized
 * @param lastReason the explanation of the last decision or request, or null
 * @param lastFailure why a move last failed, or null
 */
public record BackendStatus(
        long backendId,
        String jobId,
        String vertexId,
        String task,
        int subtask,
        int attempt,
        String operator,
        PlacementMode mode,
        int keyGroupsOnHeap,
        int keyGroupsOnDisk,
        int keyGroupsMoving,
        long entriesOnHeap,
        long entriesOnDisk,
        long bytesOnHeap,
        long bytesOnDisk,
        long timers,
        long movesCompleted,
        long movesFailed,
        long rowsMoved,
        long bytesMoved,
        @Nullable String lastReason,
        @Nullable String lastFailure,
        long measuredAtMillis) {}
