package io.sluice.state.adaptive.store;

import io.sluice.state.adaptive.placement.Motion;
import io.sluice.state.adaptive.placement.Tier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which tier each key group of a backend belongs to, and the moves that bring it there.
 *
 * <p>Owned by the task thread. A move goes on only in {@link #runSlice}; nothing else blocks.
 */
final class KeyGroupMoves {

    private static final Logger LOG = LoggerFactory.getLogger(KeyGroupMoves.class);

    private static final long FIRST_BACK_OFF_NANOS = 10_000_000_000L;
    private static final int MAX_BACK_OFF_DOUBLINGS = 6;

    private final String backend;
    private final int firstKeyGroup;
    private final Tier[] targets;
    private final Collection<TieredState<?, ?, ?, ?>> states;
    private final LongSupplier nanoClock;

    /** The moves to do, in this order, each with the time before which it must not go on. */
    private final Map<Integer, Long> pending = new LinkedHashMap<>();

    /** Groups whose move was stopped half-way. */
    private final Set<Integer> stopped = new HashSet<>();

    private final Map<Integer, Failure> failures = new LinkedHashMap<>();

    private long completedMoves;
    private long failedMoves;
    private long movedRows;
    private long movedBytes;
    private @Nullable String lastFailure;

    private record Failure(int times, String message) {}

    /** What a slice came to. */
    enum Progress {
        /** No move is left to do. */
        IDLE,
        /** There is more to do. */
        BUSY,
        /** There is more to do, but not now: RocksDB is behind, or a failed move backs off. */
        WAITING
    }

    /**
     * @param targets the tier of each key group; taken over
     * @param states all registered states; the caller adds to it
     */
    KeyGroupMoves(
            String backend,
            int firstKeyGroup,
            Tier[] targets,
            Collection<TieredState<?, ?, ?, ?>> states,
            LongSupplier nanoClock) {
        this.backend = backend;
        this.firstKeyGroup = firstKeyGroup;
        this.targets = targets;
        this.states = states;
        this.nanoClock = nanoClock;
    }

    Tier target(int keyGroup) {
        return targets[keyGroup - firstKeyGroup];
    }

    Tier[] targets() {
        return targets.clone();
    }

    boolean anyTargets(Tier tier) {
        return Arrays.asList(targets).contains(tier);
    }

    /** Asks for a key group to be moved, or a move in the other direction to be turned round. */
    void request(int keyGroup, Tier target) {
        Failure failed = failures.remove(keyGroup);
        if (failed == null && isMoving(keyGroup) && target(keyGroup) == target) {
            return;
        }
        redirect(keyGroup, target, nanoClock.getAsLong());
    }

    private void redirect(int keyGroup, Tier target, long notBeforeNanos) {
        targets[keyGroup - firstKeyGroup] = target;
        pending.remove(keyGroup);
        stopped.remove(keyGroup);
        byte settled = Residence.settledIn(target);
        boolean moving = false;
        for (TieredState<?, ?, ?, ?> state : states) {
            state.mover().forgetProgress(keyGroup);
            if (state.residence().of(keyGroup) != settled) {
                state.residence().set(keyGroup, Residence.movingTo(target));
                moving = true;
            }
        }
        if (moving) {
            pending.put(keyGroup, notBeforeNanos);
        }
    }

    /**
     * Stops a move where it is, until {@link #request} is called: its entries stay in the tiers
     * they are in.
     */
    void stop(int keyGroup) {
        if (pending.remove(keyGroup) != null) {
            stopped.add(keyGroup);
            states.forEach(state -> state.mover().forgetProgress(keyGroup));
        }
    }

    /** Stops all moves and returns their key groups. */
    List<Integer> stopAll() {
        List<Integer> moving = List.copyOf(pending.keySet());
        moving.forEach(this::stop);
        return moving;
    }

    /** Takes up a state that was restored somewhere else than where its key groups belong. */
    void settle(TieredState<?, ?, ?, ?> state) {
        for (int i = 0; i < targets.length; i++) {
            int keyGroup = firstKeyGroup + i;
            if (state.residence().of(keyGroup) != Residence.settledIn(targets[i])) {
                state.residence().set(keyGroup, Residence.movingTo(targets[i]));
                if (!stopped.contains(keyGroup)) {
                    pending.putIfAbsent(keyGroup, nanoClock.getAsLong());
                }
            }
        }
    }

    /** Closes what a move keeps open that is of no more use. */
    void closeStaleScans() {
        for (TieredState<?, ?, ?, ?> state : states) {
            try {
                state.mover().closeStaleScan();
            } catch (RocksDBException e) {
                LOG.debug("RocksDB does not say whether state '{}' has changed.", state.name(), e);
            }
        }
    }

    Motion motion(int keyGroup) {
        if (stopped.contains(keyGroup)) {
            return Motion.STOPPED;
        }
        return isMoving(keyGroup) ? Motion.MOVING : Motion.AT_REST;
    }

    boolean isPending() {
        return !pending.isEmpty();
    }

    boolean isMoving(int keyGroup) {
        return pending.containsKey(keyGroup);
    }

    boolean hasFailed(int keyGroup) {
        return failures.containsKey(keyGroup);
    }

    /**
     * Goes on with the moves until the slice is spent. Does not throw what a move can fail with.
     */
    Progress runSlice(Slice slice) {
        try {
            return run(slice);
        } finally {
            movedRows += slice.rows();
            movedBytes += slice.bytes();
        }
    }

    private Progress run(Slice slice) {
        while (!pending.isEmpty()) {
            if (slice.isSpent()) {
                return Progress.BUSY;
            }
            int keyGroup = nextDue();
            if (keyGroup < 0) {
                return Progress.WAITING;
            }
            switch (moveOn(keyGroup, slice)) {
                case DONE -> {
                    pending.remove(keyGroup);
                    completedMoves++;
                }
                case MORE -> {
                    return Progress.BUSY;
                }
                case STALLED -> {
                    return Progress.WAITING;
                }
            }
        }
        return Progress.IDLE;
    }

    private int nextDue() {
        long now = nanoClock.getAsLong();
        for (Iterator<Map.Entry<Integer, Long>> it = pending.entrySet().iterator();
                it.hasNext(); ) {
            Map.Entry<Integer, Long> move = it.next();
            if (now - move.getValue() >= 0) {
                return move.getKey();
            }
        }
        return -1;
    }

    private StateMover.Step moveOn(int keyGroup, Slice slice) {
        Tier target = target(keyGroup);
        for (TieredState<?, ?, ?, ?> state : states) {
            if (!state.residence().isMoving(keyGroup)) {
                continue;
            }
            StateMover.Step step;
            try {
                step =
                        switch (target) {
                            case HEAP -> state.mover().moveIn(keyGroup, slice);
                            case DISK -> state.mover().moveOut(keyGroup, slice);
                        };
            } catch (IOException | RocksDBException | RuntimeException e) {
                fail(keyGroup, state.name(), target, e);
                return StateMover.Step.MORE;
            }
            if (step != StateMover.Step.DONE) {
                return step;
            }
            state.residence().set(keyGroup, Residence.settledIn(target));
        }
        return StateMover.Step.DONE;
    }

    private void fail(int keyGroup, String state, Tier target, Exception cause) {
        failedMoves++;
        Failure before = failures.get(keyGroup);
        int times = before == null ? 1 : before.times() + 1;
        long backOffNanos = FIRST_BACK_OFF_NANOS << Math.min(times - 1, MAX_BACK_OFF_DOUBLINGS);
        // Back to where it came from; but a way back that fails stays the way back.
        Tier back = (target == Tier.HEAP) == (before == null) ? Tier.DISK : Tier.HEAP;
        String message =
                "Key group "
                        + keyGroup
                        + " of "
                        + backend
                        + " could not be moved to "
                        + (target == Tier.HEAP ? "the heap" : "disk")
                        + ": state '"
                        + state
                        + "' failed. Every entry stays readable where it is; what has moved is "
                        + "brought back in "
                        + backOffNanos / 1_000_000_000L
                        + " s. Cause: "
                        + cause;
        redirect(keyGroup, back, nanoClock.getAsLong() + backOffNanos);
        failures.put(keyGroup, new Failure(times, message));
        lastFailure = message;
        LOG.warn(message, cause);
    }

    long completedMoves() {
        return completedMoves;
    }

    long failedMoves() {
        return failedMoves;
    }

    long movedRows() {
        return movedRows;
    }

    long movedBytes() {
        return movedBytes;
    }

    @Nullable String lastFailure() {
        return lastFailure;
    }
}
