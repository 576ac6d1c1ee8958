package io.sluice.state.adaptive.placement;

import io.sluice.state.adaptive.placement.Transit.GroupId;

import java.util.Comparator;

/** A key group, with what its place in the order of moves depends on. */
record Candidate(GroupId id, String slot, KeyGroupLoad load) {

    private static final Comparator<Candidate> BY_ID =
            Comparator.<Candidate>comparingLong(candidate -> candidate.id().backendId())
                    .thenComparingInt(candidate -> candidate.id().keyGroup());

    /** Most memory for least access first. */
    static final Comparator<Candidate> TO_DISK =
            Comparator.comparingDouble(Candidate::bytesPerAccess).reversed().thenComparing(BY_ID);

    /** Most access for least memory first; what nobody uses, last. */
    static final Comparator<Candidate> TO_HEAP =
            Comparator.comparingDouble(Candidate::accessesPerByte).reversed().thenComparing(BY_ID);

    private double bytesPerAccess() {
        return load.heapBytes() / (1 + load.accessesPerSecond());
    }

    private double accessesPerByte() {
        return load.accessesPerSecond() / Math.max(1, load.diskBytes());
    }

    GroupMove moveTo(Tier target) {
        return new GroupMove(id.backendId(), id.keyGroup(), target);
    }
}
