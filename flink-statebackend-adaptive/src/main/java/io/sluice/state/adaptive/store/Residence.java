package io.sluice.state.adaptive.store;

import io.sluice.state.adaptive.placement.Tier;

import java.util.Arrays;

/**
 * Where the entries of one state are, for each key group of a backend.
 *
 * <p>Owned by the task thread; {@link #copy()} is what snapshots keep.
 */
final class Residence {

    /*
     * Invariant: an entry (key, namespace, and for map state the user key) is in exactly one tier.
     *
     *   HEAP          every entry of the group is on heap
     *   DISK          every entry of the group is in RocksDB
     *   MOVING_OUT    both tiers may hold entries; a new entry goes to RocksDB
     *   MOVING_IN     both tiers may hold entries; a new entry goes to the heap
     *
     * Both moving values are always correct, whatever the tiers hold. So a snapshot at any instant
     * is valid, a move can be turned round at any instant, and "moving" is what to choose in doubt.
     */

    static final byte HEAP = 0;
    static final byte DISK = 1;
    static final byte MOVING_OUT = 2;
    static final byte MOVING_IN = 3;

    private final int firstKeyGroup;
    private final byte[] groups;

    /** All groups in {@code initial}. */
    Residence(int firstKeyGroup, int keyGroups, byte initial) {
        this(firstKeyGroup, new byte[keyGroups]);
        Arrays.fill(groups, initial);
    }

    /** Takes over {@code groups}. */
    Residence(int firstKeyGroup, byte[] groups) {
        for (byte residence : groups) {
            if (residence < HEAP || residence > MOVING_IN) {
                throw new IllegalArgumentException(
                        "Unknown residence of a key group: " + residence);
            }
        }
        this.firstKeyGroup = firstKeyGroup;
        this.groups = groups;
    }

    byte of(int keyGroup) {
        return groups[keyGroup - firstKeyGroup];
    }

    boolean isMoving(int keyGroup) {
        return of(keyGroup) >= MOVING_OUT;
    }

    /** Whether any key group has, or may have, entries on disk. */
    boolean anyOnDisk() {
        for (byte residence : groups) {
            if (residence != HEAP) {
                return true;
            }
        }
        return false;
    }

    void set(int keyGroup, byte residence) {
        groups[keyGroup - firstKeyGroup] = residence;
    }

    byte[] copy() {
        return groups.clone();
    }

    static byte settledIn(Tier tier) {
        return switch (tier) {
            case HEAP -> HEAP;
            case DISK -> DISK;
        };
    }

    static byte movingTo(Tier tier) {
        return switch (tier) {
            case HEAP -> MOVING_IN;
            case DISK -> MOVING_OUT;
        };
    }
}
