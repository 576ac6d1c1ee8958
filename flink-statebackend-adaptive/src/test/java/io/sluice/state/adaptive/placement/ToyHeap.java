package io.sluice.state.adaptive.placement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * A process under a constant load, in steps of one second: its heap holds other things, the groups
 * that are on heap, and garbage until the old generation is collected. State grows for a while,
 * then stays as large. Estimates are off by a constant factor.
 */
final class ToyHeap {

    static final long MAX_BYTES = 1000L << 20;
    static final int GROWTH_SECONDS = 300;

    private static final long NANOS = 1_000_000_000L;
    private static final long MOVED_BYTES_PER_SECOND = 40L << 20;

    /** A key group, in estimated bytes. */
    static final class Group {
        final int backend;
        final int keyGroup;
        final long finalBytes;
        final double accessesPerSecond;
        long heapBytes;
        long diskBytes;
        Tier tier = Tier.HEAP;
        boolean moving;
        int turns;

        Group(int backend, int keyGroup, long finalBytes, double accessesPerSecond) {
            this.backend = backend;
            this.keyGroup = keyGroup;
            this.finalBytes = finalBytes;
            this.accessesPerSecond = accessesPerSecond;
        }

        KeyGroupLoad load() {
            return new KeyGroupLoad(
                    keyGroup,
                    tier,
                    moving ? Motion.MOVING : Motion.AT_REST,
                    heapBytes / 100,
                    heapBytes,
                    diskBytes / 100,
                    diskBytes,
                    accessesPerSecond,
                    false);
        }
    }

    final List<Group> groups = new ArrayList<>();
    final double oldCollectionAt;
    final int slots;

    private long budgetBytesPerSlot = SlotBudget.NONE;
    private final Random random;
    private final double realPerEstimated;
    private final long otherBytes;
    private final double garbagePerSecond;
    private final double keptByOldCollection;
    private final boolean stopsTheWorld;
    private final List<Deque<Group>> queues = new ArrayList<>();
    private final Deque<Double> pauses = new ArrayDeque<>();
    private long second;
    private double garbageBytes;
    private long collections;
    private long usedBytes;
    private long liveReading = -1;
    private long liveAtNanos;
    private double pace = 1;

    /**
     * Creates a process.
     *
     * @param oldCollectionAt how full the heap is when its old generation is collected
     */
    ToyHeap(Random random, double oldCollectionAt, double stateShare) {
        this.random = random;
        this.oldCollectionAt = oldCollectionAt;
        this.realPerEstimated = 0.7 + 0.7 * random.nextDouble();
        this.otherBytes = (long) (MAX_BYTES * (0.05 + 0.3 * random.nextDouble()));
        this.garbagePerSecond = MAX_BYTES * (0.002 + 0.05 * random.nextDouble());
        this.keptByOldCollection = random.nextBoolean() ? 0 : 0.3 * random.nextDouble();
        this.stopsTheWorld = random.nextBoolean();
        this.slots = 1 + random.nextInt(2);
        int backends = 1 + random.nextInt(3);
        int groupsPerBackend = 4 << random.nextInt(4);
        double meanBytes =
                MAX_BYTES * stateShare / realPerEstimated / (backends * groupsPerBackend);
        for (int backend = 0; backend < backends; backend++) {
            queues.add(new ArrayDeque<>());
            for (int group = 0; group < groupsPerBackend; group++) {
                long bytes = (long) (meanBytes * (0.2 + 1.6 * random.nextDouble()));
                double rate = random.nextInt(5) == 0 ? 0 : Math.exp(3 * random.nextGaussian());
                groups.add(new Group(backend, group, bytes, rate));
            }
        }
    }

    void limitSlots(long bytes) {
        budgetBytesPerSlot = bytes;
    }

    PlacementSnapshot snapshot(DecisionMemory memory) {
        List<BackendLoad> backends = new ArrayList<>();
        for (int backend = 0; backend < queues.size(); backend++) {
            int id = backend;
            backends.add(
                    new BackendLoad(
                            id,
                            "op " + id,
                            new SlotBudget(slotOf(id), budgetBytesPerSlot),
                            groups.stream()
                                    .filter(group -> group.backend == id)
                                    .map(Group::load)
                                    .toList()));
        }
        double share = pauses.stream().mapToDouble(Double::doubleValue).sum() / 10;
        return new PlacementSnapshot(
                second * NANOS,
                new HeapReading(MAX_BYTES, usedBytes, liveReading, liveAtNanos, collections, share),
                backends,
                memory);
    }

    private String slotOf(int backend) {
        return "slot-" + (backend % slots);
    }

    void apply(Decision decision) {
        pace = decision.paceFactor();
        for (GroupMove move : decision.moves()) {
            Group group =
                    groups.stream()
                            .filter(
                                    one ->
                                            one.backend == move.backendId()
                                                    && one.keyGroup == move.keyGroup())
                            .findFirst()
                            .orElseThrow();
            if (group.moving || group.tier == move.target()) {
                throw new AssertionError("pointless " + move);
            }
            group.tier = move.target();
            group.moving = true;
            group.turns++;
            queues.get(group.backend).add(group);
        }
    }

    /** One second passes: state grows, groups move, garbage comes, the heap is collected. */
    void step() {
        second++;
        for (Group group : groups) {
            grow(group);
        }
        for (Deque<Group> queue : queues) {
            move(queue);
        }
        garbageBytes += garbagePerSecond * (0.8 + 0.4 * random.nextDouble());
        double pause = 0.01;
        if (liveBytes() + garbageBytes > oldCollectionAt * MAX_BYTES) {
            garbageBytes *= keptByOldCollection;
            liveReading = (long) (liveBytes() + garbageBytes);
            liveAtNanos = second * NANOS - NANOS / 2;
            pause += stopsTheWorld ? 0.3 : 0;
        }
        usedBytes = (long) (liveBytes() + garbageBytes);
        collections++;
        pauses.add(pause);
        if (pauses.size() > 10) {
            pauses.remove();
        }
    }

    private void grow(Group group) {
        if (second <= GROWTH_SECONDS) {
            long bytes = group.finalBytes * second / GROWTH_SECONDS;
            long more = bytes - group.heapBytes - group.diskBytes;
            if (group.tier == Tier.HEAP) {
                group.heapBytes += more;
            } else {
                group.diskBytes += more;
            }
        }
    }

    private void move(Deque<Group> queue) {
        double left = MOVED_BYTES_PER_SECOND * pace;
        while (left > 0 && !queue.isEmpty()) {
            Group group = queue.element();
            boolean out = group.tier == Tier.DISK;
            long moved = Math.min((long) Math.ceil(left), out ? group.heapBytes : group.diskBytes);
            group.heapBytes += out ? -moved : moved;
            group.diskBytes += out ? moved : -moved;
            garbageBytes += out ? moved * realPerEstimated : 0;
            left -= Math.max(moved, 1 << 16);
            if ((out ? group.heapBytes : group.diskBytes) == 0) {
                group.moving = false;
                queue.remove();
            }
        }
    }

    double liveShare() {
        return liveBytes() / MAX_BYTES;
    }

    /** Returns the share that stays if all state is on disk. */
    double otherShare() {
        return (double) otherBytes / MAX_BYTES;
    }

    private double liveBytes() {
        return otherBytes
                + realPerEstimated * groups.stream().mapToLong(group -> group.heapBytes).sum();
    }

    /** Returns the share that the smallest group takes. */
    double smallestGroupShare() {
        long smallest = groups.stream().mapToLong(group -> group.finalBytes).min().orElseThrow();
        return realPerEstimated * smallest / MAX_BYTES;
    }

    /** Returns the estimated state on heap of the fullest slot. */
    long fullestSlotBytes() {
        long[] bytes = new long[slots];
        for (Group group : groups) {
            bytes[group.backend % slots] += group.heapBytes;
        }
        long most = 0;
        for (long one : bytes) {
            most = Math.max(most, one);
        }
        return most;
    }
}
