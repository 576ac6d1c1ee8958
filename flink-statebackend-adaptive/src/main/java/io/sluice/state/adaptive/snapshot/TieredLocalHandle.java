package io.sluice.state.adaptive.snapshot;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.SharedStateRegistry;
import org.apache.flink.runtime.state.StateHandleID;
import org.apache.flink.util.ExceptionUtils;

import org.jspecify.annotations.Nullable;

import java.util.stream.Stream;

/**
 * The copy of a checkpoint of both tiers on a TaskManager's own disk, for local recovery. It stays
 * in that process (and its working directory): no JobManager ever reads it.
 */
final class TieredLocalHandle implements KeyedStateHandle {

    private static final long serialVersionUID = 1L;

    private final byte[] manifest;
    private final KeyGroupRange range;
    private final StateHandleID id = StateHandleID.randomStateHandleId();
    private final @Nullable KeyedStateHandle heap;
    private final @Nullable KeyedStateHandle disk;

    TieredLocalHandle(
            Manifest manifest, @Nullable KeyedStateHandle heap, @Nullable KeyedStateHandle disk) {
        this.manifest = manifest.toBytes();
        this.range = manifest.range();
        this.heap = heap;
        this.disk = disk;
    }

    byte[] manifest() {
        return manifest;
    }

    @Nullable KeyedStateHandle heap() {
        return heap;
    }

    @Nullable KeyedStateHandle disk() {
        return disk;
    }

    private Stream<KeyedStateHandle> parts() {
        return Stream.of(heap, disk).filter(part -> part != null);
    }

    @Override
    public KeyGroupRange getKeyGroupRange() {
        return range;
    }

    @Override
    @SuppressWarnings("NullAway") // Null is Flink's answer for "no key group in common".
    public KeyedStateHandle getIntersection(KeyGroupRange other) {
        return range.getIntersection(other).getNumberOfKeyGroups() == 0 ? null : this;
    }

    @Override
    public StateHandleID getStateHandleId() {
        return id;
    }

    @Override
    public void registerSharedStates(SharedStateRegistry stateRegistry, long checkpointId) {
        // Nothing on a TaskManager's own disk is shared.
    }

    @Override
    public void discardState() throws Exception {
        Exception failure = null;
        for (KeyedStateHandle part : parts().toList()) {
            try {
                part.discardState();
            } catch (Exception e) {
                failure = ExceptionUtils.firstOrSuppressed(e, failure);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public long getStateSize() {
        return parts().mapToLong(KeyedStateHandle::getStateSize).sum();
    }

    @Override
    public long getCheckpointedSize() {
        return parts().mapToLong(KeyedStateHandle::getCheckpointedSize).sum();
    }
}
