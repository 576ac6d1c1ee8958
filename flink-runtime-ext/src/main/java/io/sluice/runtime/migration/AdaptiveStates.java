package io.sluice.runtime.migration;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.StateMigration.Target;
import org.apache.flink.sluice.rpc.SubtaskState;

import io.sluice.state.adaptive.control.BackendStatus;
import io.sluice.state.adaptive.control.StateControl;
import io.sluice.state.adaptive.placement.Tier;

import java.util.List;

/** The adaptive state backends of this process. */
public final class AdaptiveStates implements KeyedStates {

    private final StateControl control;

    private AdaptiveStates(StateControl control) {
        this.control = control;
    }

    /** Returns those of this process, or none if it has no adaptive state backend. */
    public static KeyedStates ofProcess() {
        try {
            return new AdaptiveStates(StateControl.ofProcess());
        } catch (NoClassDefFoundError e) {
            return NONE;
        }
    }

    @Override
    public List<Backend> all() {
        return control.list().stream().map(AdaptiveStates::backend).toList();
    }

    private static Backend backend(BackendStatus status) {
        return new Backend(
                status.backendId(),
                JobID.fromHexString(status.jobId()),
                new SubtaskState(
                        status.vertexId(),
                        status.task(),
                        status.operator(),
                        status.subtask(),
                        status.attempt(),
                        status.mode().toString(),
                        status.mode().allowsMoves(),
                        status.keyGroupsOnHeap(),
                        status.keyGroupsOnDisk(),
                        status.keyGroupsMoving(),
                        status.entriesOnHeap(),
                        status.entriesOnDisk(),
                        status.bytesOnHeap(),
                        status.bytesOnDisk(),
                        status.lastReason(),
                        status.lastFailure(),
                        null),
                status.rowsMoved(),
                status.bytesMoved(),
                status.movesFailed());
    }

    @Override
    public void move(long backend, Target target, double share, double pace) {
        switch (target) {
            case HEAP -> move(backend, Tier.HEAP, share, pace);
            case DISK -> move(backend, Tier.DISK, share, pace);
            case AUTO -> control.release(status -> status.backendId() == backend);
        }
    }

    private void move(long backend, Tier tier, double share, double pace) {
        control.move(status -> status.backendId() == backend, tier, share, pace);
    }
}
