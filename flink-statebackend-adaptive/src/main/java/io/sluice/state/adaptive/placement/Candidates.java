package io.sluice.state.adaptive.placement;

import io.sluice.state.adaptive.placement.Transit.GroupId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All key groups of a snapshot, and the choice among them. */
final class Candidates {

    /** Not worth a move, unless in panic or for a budget. */
    private static final long TINY_BYTES = 64 << 10;

    private final List<Candidate> groups = new ArrayList<>();
    private final Transit transit;
    private final long nowNanos;
    private final Duration coolDown;

    Candidates(PlacementSnapshot snapshot, Transit transit, Duration coolDown) {
        this.transit = transit;
        this.nowNanos = snapshot.nowNanos();
        this.coolDown = coolDown;
        for (BackendLoad backend : snapshot.backends()) {
            for (KeyGroupLoad load : backend.groups()) {
                GroupId id = new GroupId(backend.backendId(), load.keyGroup());
                groups.add(new Candidate(id, backend.budget().slot(), load));
            }
        }
    }

    /** Returns the groups that may go to disk for {@code reason}, best first. */
    List<Candidate> toDisk(Reason reason) {
        boolean panic = reason == Reason.PANIC;
        long minBytes = panic || reason == Reason.BUDGET ? 1 : TINY_BYTES;
        return groups.stream()
                .filter(group -> group.load().heapBytes() >= minBytes)
                .filter(group -> isMovable(group, Tier.DISK, panic))
                .sorted(Candidate.TO_DISK)
                .toList();
    }

    /** Returns the groups that may come back to heap, best first. */
    List<Candidate> toHeap() {
        return groups.stream()
                .filter(group -> isMovable(group, Tier.HEAP, false))
                .sorted(Candidate.TO_HEAP)
                .toList();
    }

    private boolean isMovable(Candidate group, Tier target, boolean evenIfCooling) {
        KeyGroupLoad load = group.load();
        return !load.isAllIn(target)
                && !load.isMoving()
                && !load.pinned()
                && !transit.isOnItsWay(group.id(), target)
                && (evenIfCooling || !transit.coolsDown(group.id(), target, nowNanos, coolDown));
    }

    /** Returns the estimated state on heap per slot once the groups that leave have left. */
    Map<String, Long> stayingBytesBySlot() {
        Map<String, Long> bytes = new HashMap<>();
        for (Candidate group : groups) {
            if (!transit.isOnItsWay(group.id(), Tier.DISK)) {
                bytes.merge(group.slot(), group.load().heapBytes(), Long::sum);
            }
        }
        return bytes;
    }

    /** Returns the estimated state on heap per slot once all moves are done. */
    Map<String, Long> plannedBytesBySlot() {
        Map<String, Long> bytes = stayingBytesBySlot();
        for (Candidate group : groups) {
            if (transit.isOnItsWay(group.id(), Tier.HEAP)) {
                bytes.merge(group.slot(), group.load().diskBytes(), Long::sum);
            }
        }
        return bytes;
    }

    /** Returns as few of the first candidates as free {@code bytes}, or all. */
    static List<Candidate> takeUntil(long bytes, List<Candidate> candidates) {
        List<Candidate> taken = new ArrayList<>();
        long freed = 0;
        for (Candidate candidate : candidates) {
            if (freed >= bytes) {
                break;
            }
            taken.add(candidate);
            freed += candidate.load().heapBytes();
        }
        return taken;
    }

    /** Returns candidates that free at most {@code bytes} together, or the smallest one. */
    static List<Candidate> takeAtMost(long bytes, List<Candidate> candidates) {
        List<Candidate> taken = new ArrayList<>();
        long freed = 0;
        for (Candidate candidate : candidates) {
            if (freed + candidate.load().heapBytes() <= bytes) {
                taken.add(candidate);
                freed += candidate.load().heapBytes();
            }
        }
        if (!taken.isEmpty()) {
            return taken;
        }
        return candidates.stream()
                .min(Comparator.comparingLong(candidate -> candidate.load().heapBytes()))
                .map(List::of)
                .orElse(List.of());
    }

    static long heapBytes(List<Candidate> candidates) {
        return candidates.stream().mapToLong(candidate -> candidate.load().heapBytes()).sum();
    }
}
