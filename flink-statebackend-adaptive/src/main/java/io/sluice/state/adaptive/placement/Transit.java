package io.sluice.state.adaptive.placement;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes on their way between the tiers, and bytes that have left the heap but not yet its
 * collector's count.
 *
 * @param moves decided or seen moves, kept until their cool-down is over
 * @param backendBytes state on heap per backend when last seen; if the backend goes, it is garbage
 * @param uncollectedBytes have left the heap since the last collection of the old generation
 * @param arrivedBytes have come to heap since the last collection of any kind
 * @param usedBytes use after collection when last seen
 * @param liveAtNanos last collection of the old generation when last seen, null if there was none
 * @param stateAtLiveBytes state on heap when that collection was first seen
 * @param collections their number when last seen
 * @param lastMoveNanos when a move was last seen under way or decided
 */
record Transit(
        Map<GroupId, Move> moves,
        Map<Long, Long> backendBytes,
        long uncollectedBytes,
        long arrivedBytes,
        long usedBytes,
        @Nullable Long liveAtNanos,
        long stateAtLiveBytes,
        long collections,
        @Nullable Long lastMoveNanos) {

    static final Transit NOTHING = new Transit(Map.of(), Map.of(), 0, 0, 0, null, 0, 0, null);

    /** A decided move that its backend has not taken up by then is taken for lost. */
    static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private static final long NEGLIGIBLE_BYTES = 1 << 20;

    /** A key group of a backend. */
    record GroupId(long backendId, int keyGroup) {}

    /**
     * A move.
     *
     * @param remainingBytes still to go; 0 once the move has ended
     */
    record Move(Tier target, long atNanos, long remainingBytes) {}

    Transit {
        moves = Map.copyOf(moves);
        backendBytes = Map.copyOf(backendBytes);
        if (uncollectedBytes < 0 || arrivedBytes < 0) {
            throw new IllegalArgumentException(
                    "uncollectedBytes=%d, arrivedBytes=%d: none may be negative"
                            .formatted(uncollectedBytes, arrivedBytes));
        }
    }

    /** Returns what {@code snapshot} shows of the progress since this was recorded. */
    Transit observe(PlacementSnapshot snapshot, Duration coolDown) {
        HeapReading heap = snapshot.heap();
        long nowNanos = snapshot.nowNanos();
        Map<GroupId, Move> seen = new HashMap<>();
        Map<Long, Long> bytes = new HashMap<>();
        long left = 0;
        long arrived = 0;
        boolean underWay = false;
        for (BackendLoad backend : snapshot.backends()) {
            long backendHeapBytes = 0;
            for (KeyGroupLoad group : backend.groups()) {
                backendHeapBytes += group.heapBytes();
                underWay |= group.isMoving();
                GroupId id = new GroupId(backend.backendId(), group.keyGroup());
                Move before = moves.get(id);
                if (before != null && before.target() == Tier.DISK) {
                    left += Math.max(0, before.remainingBytes() - group.heapBytes());
                } else if (before != null && before.target() == Tier.HEAP) {
                    arrived += Math.max(0, before.remainingBytes() - group.diskBytes());
                }
                Move now = next(before, group, nowNanos);
                if (now != null
                        && (now.remainingBytes() > 0 || isRecent(now, nowNanos, coolDown))) {
                    seen.put(id, now);
                    underWay |= now.remainingBytes() > 0;
                }
            }
            bytes.put(backend.backendId(), backendHeapBytes);
        }
        left += bytesOfBackendsGone(bytes);
        boolean oldCollected =
                heap.hasLive() && (liveAtNanos == null || liveAtNanos != heap.liveAtNanos());
        long uncollected = oldCollected ? uncollectedAfter(heap.liveBytes()) : uncollectedBytes;
        return new Transit(
                seen,
                bytes,
                uncollected + left,
                heap.collections() == collections ? arrivedBytes + arrived : arrived,
                heap.usedAfterCollectionBytes(),
                heap.hasLive() ? Long.valueOf(heap.liveAtNanos()) : null,
                oldCollected ? sum(bytes) : stateAtLiveBytes,
                heap.collections(),
                underWay ? Long.valueOf(nowNanos) : lastMoveNanos);
    }

    private static @Nullable Move next(@Nullable Move before, KeyGroupLoad group, long nowNanos) {
        if (group.isMoving()) {
            long atNanos =
                    before != null && before.target() == group.tier() ? before.atNanos() : nowNanos;
            return new Move(group.tier(), atNanos, bytesToGo(group, group.tier()));
        }
        if (before == null) {
            return null;
        }
        boolean waiting =
                before.remainingBytes() > 0
                        && before.target() != group.tier()
                        && !group.pinned()
                        && isRecent(before, nowNanos, START_TIMEOUT);
        return new Move(
                before.target(), before.atNanos(), waiting ? bytesToGo(group, before.target()) : 0);
    }

    private static boolean isRecent(Move move, long nowNanos, Duration limit) {
        return nowNanos - move.atNanos() < limit.toNanos();
    }

    private static long bytesToGo(KeyGroupLoad group, Tier target) {
        return switch (target) {
            case DISK -> group.heapBytes();
            case HEAP -> group.diskBytes();
        };
    }

    private long bytesOfBackendsGone(Map<Long, Long> present) {
        return backendBytes.entrySet().stream()
                .filter(backend -> !present.containsKey(backend.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /**
     * Returns what is still uncollected after a collection of the old generation: not simply
     * nothing, because such a collection may cover a part only (G1), or may have marked before the
     * bytes left (all concurrent collectors).
     */
    private long uncollectedAfter(long liveBytes) {
        long drop = Math.max(0, usedBytes - liveBytes);
        long rest = uncollectedBytes - Math.max(drop, uncollectedBytes / 2);
        return rest < NEGLIGIBLE_BYTES ? 0 : rest;
    }

    /** Returns this with moves that were just decided. */
    Transit withDecided(List<Candidate> decided, Tier target, long nowNanos) {
        Map<GroupId, Move> all = new HashMap<>(moves);
        for (Candidate candidate : decided) {
            all.put(
                    candidate.id(),
                    new Move(target, nowNanos, bytesToGo(candidate.load(), target)));
        }
        return new Transit(
                all,
                backendBytes,
                uncollectedBytes,
                arrivedBytes,
                usedBytes,
                liveAtNanos,
                stateAtLiveBytes,
                collections,
                nowNanos);
    }

    /** Returns whether the group is on its way to {@code target}. */
    boolean isOnItsWay(GroupId id, Tier target) {
        Move move = moves.get(id);
        return move != null && move.target() == target && move.remainingBytes() > 0;
    }

    /** Returns whether the group was moved the other way a moment ago. */
    boolean coolsDown(GroupId id, Tier target, long nowNanos, Duration coolDown) {
        Move move = moves.get(id);
        return move != null && move.target() != target && isRecent(move, nowNanos, coolDown);
    }

    long leavingBytes() {
        return bytesOnTheWayTo(Tier.DISK);
    }

    long arrivingBytes() {
        return bytesOnTheWayTo(Tier.HEAP);
    }

    private long bytesOnTheWayTo(Tier target) {
        return moves.values().stream()
                .filter(move -> move.target() == target)
                .mapToLong(Move::remainingBytes)
                .sum();
    }

    /** Returns the use after collection of {@code heap} once moves out are done and collected. */
    long predictedBytes(HeapReading heap) {
        return withoutLeft(heap.usedAfterCollectionBytes());
    }

    /**
     * Returns {@link #predictedBytes} without the old garbage, as far as that is known: the last
     * collection of the old generation told what was live, and by how much state has grown since,
     * is known. What else has grown is not: the next such collection tells.
     */
    long predictedLiveBytes(HeapReading heap) {
        long predicted = predictedBytes(heap);
        if (!heap.hasLive()) {
            return predicted;
        }
        long grown = Math.max(0, sum(backendBytes) + uncollectedBytes - stateAtLiveBytes);
        return Math.min(predicted, withoutLeft(heap.liveBytes() + grown));
    }

    private long withoutLeft(long countedBytes) {
        return Math.max(0, countedBytes - leavingBytes() - uncollectedBytes);
    }

    private static long sum(Map<Long, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Returns what {@code countedBytes}, a use after collection, will be once moves in are done.
     */
    long withArrivals(long countedBytes) {
        return countedBytes + arrivedBytes + arrivingBytes();
    }
}
