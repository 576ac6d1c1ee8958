package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.KeyGroupRange;

import io.sluice.state.adaptive.placement.BackendLoad;
import io.sluice.state.adaptive.placement.KeyGroupLoad;
import io.sluice.state.adaptive.placement.SlotBudget;
import io.sluice.state.adaptive.placement.Tier;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * How large the key groups of a backend are, and how much they are used.
 *
 * <p>Entries on heap are counted; their size is that of a sample, serialized, with the overhead of
 * objects. Rows on disk are RocksDB's estimate, spread evenly. Accesses are counted at every {@link
 * #ACCESSES_A_SAMPLE}th change of the key. Owned by the task thread.
 */
final class LoadMeter {

    private static final Logger LOG = LoggerFactory.getLogger(LoadMeter.class);

    /** A power of two. */
    static final int ACCESSES_A_SAMPLE = 16;

    /** Table slot, entry, and headers of key, namespace and value. */
    private static final double BYTES_AN_ENTRY = 104;

    /** Table slot and entry of an entry in a map, and headers of its key and value. */
    private static final double BYTES_A_MAP_ROW = 72;

    /** Objects are larger than their serialized form: references, headers, padding. */
    private static final double OBJECT_FACTOR = 1.5;

    private static final double DECAY_A_SECOND = 0.5;
    private static final double MIN_SECONDS = 0.1;
    private static final int SAMPLED_ENTRIES = 4;

    /** Sampling takes at most one part of this many of the task's time. */
    private static final long TIME_A_SAMPLE = 1000;

    private final KeyGroupRange range;
    private final int[] accessSamples;
    private final double[] accessesPerSecond;
    private final Map<String, StateSize> sizes = new HashMap<>();

    private int changes;
    private int nextSampledGroup;
    private long lastMeasuredNanos;

    /** What samples of a state say about its entries. */
    private static final class StateSize {
        double rowsAnEntry = 1;
        double bytesAnEntry = BYTES_AN_ENTRY + 64;
        double serializedBytesAnEntry = 64;
        boolean sampled;
        long nextSampleNanos;

        double bytesARow() {
            return bytesAnEntry / Math.max(1, rowsAnEntry);
        }
    }

    LoadMeter(KeyGroupRange range, long nowNanos) {
        this.range = range;
        this.accessSamples = new int[range.getNumberOfKeyGroups()];
        this.accessesPerSecond = new double[range.getNumberOfKeyGroups()];
        this.lastMeasuredNanos = nowNanos;
    }

    /** To be called at every change of the key. */
    void keyChanged(int keyGroup) {
        if ((++changes & (ACCESSES_A_SAMPLE - 1)) == 0) {
            accessSamples[keyGroup - range.getStartKeyGroup()]++;
        }
    }

    /** Measures all key groups. Takes some microseconds a group and state. */
    BackendLoad measure(
            long backendId,
            String name,
            SlotBudget budget,
            Collection<TieredState<?, ?, ?, ?>> states,
            KeyGroupMoves moves,
            IntPredicate pinned,
            long nowNanos) {
        updateAccesses(nowNanos);
        sample(states, nowNanos);
        Map<String, Double> rowsADiskGroup = rowsADiskGroup(states);
        List<KeyGroupLoad> groups = new ArrayList<>(range.getNumberOfKeyGroups());
        for (int keyGroup : range) {
            long heapEntries = 0;
            double heapBytes = 0;
            double diskRows = 0;
            double diskBytes = 0;
            for (TieredState<?, ?, ?, ?> state : states) {
                StateSize size = size(state);
                int entries = state.mover().entriesOnHeap(keyGroup);
                heapEntries += Math.round(entries * size.rowsAnEntry);
                heapBytes += entries * size.bytesAnEntry;
                if (state.residence().of(keyGroup) != Residence.HEAP) {
                    double rows = rowsADiskGroup.getOrDefault(state.name(), 0.0);
                    diskRows += rows;
                    diskBytes += rows * size.bytesARow();
                }
            }
            groups.add(
                    new KeyGroupLoad(
                            keyGroup,
                            moves.target(keyGroup),
                            moves.motion(keyGroup),
                            heapEntries,
                            Math.round(heapBytes),
                            Math.round(diskRows),
                            Math.round(diskBytes),
                            accessesPerSecond[keyGroup - range.getStartKeyGroup()],
                            pinned.test(keyGroup)));
        }
        return new BackendLoad(backendId, name, budget, groups);
    }

    private void updateAccesses(long nowNanos) {
        double seconds = (nowNanos - lastMeasuredNanos) / 1e9;
        if (seconds < MIN_SECONDS) {
            return;
        }
        lastMeasuredNanos = nowNanos;
        double keep = Math.pow(DECAY_A_SECOND, seconds);
        for (int i = 0; i < accessSamples.length; i++) {
            double latest = accessSamples[i] * (double) ACCESSES_A_SAMPLE / seconds;
            accessesPerSecond[i] = keep * accessesPerSecond[i] + (1 - keep) * latest;
            accessSamples[i] = 0;
        }
    }

    private void sample(Collection<TieredState<?, ?, ?, ?>> states, long nowNanos) {
        int keyGroup = range.getKeyGroupId(nextSampledGroup++ % range.getNumberOfKeyGroups());
        for (TieredState<?, ?, ?, ?> state : states) {
            StateSize size = size(state);
            if (nowNanos - size.nextSampleNanos < 0) {
                continue;
            }
            long start = System.nanoTime();
            try {
                StateMover.Sample sample = state.mover().sampleHeap(keyGroup, SAMPLED_ENTRIES);
                if (sample.entries() == 0 && !size.sampled) {
                    sample = state.mover().sampleDisk(keyGroup, SAMPLED_ENTRIES);
                }
                take(size, sample, state instanceof TieredMapState);
            } catch (IOException | RuntimeException e) {
                LOG.debug("An entry of state '{}' could not be sampled.", state.name(), e);
            }
            long took = System.nanoTime() - start;
            size.nextSampleNanos = nowNanos + took * TIME_A_SAMPLE;
        }
    }

    private static void take(StateSize size, StateMover.Sample sample, boolean map) {
        if (sample.entries() == 0) {
            return;
        }
        double entries = sample.entries();
        double rows = sample.rows() / entries;
        double bytes =
                BYTES_AN_ENTRY
                        + OBJECT_FACTOR * (sample.keyBytes() + sample.valueBytes()) / entries
                        + (map ? rows * BYTES_A_MAP_ROW : 0);
        double keep = size.sampled ? 0.8 : 0;
        size.rowsAnEntry = keep * size.rowsAnEntry + (1 - keep) * rows;
        size.bytesAnEntry = keep * size.bytesAnEntry + (1 - keep) * bytes;
        size.serializedBytesAnEntry =
                keep * size.serializedBytesAnEntry
                        + (1 - keep) * (sample.keyBytes() + sample.valueBytes()) / entries;
        size.sampled = true;
    }

    private Map<String, Double> rowsADiskGroup(Collection<TieredState<?, ?, ?, ?>> states) {
        Map<String, Double> rows = new HashMap<>();
        for (TieredState<?, ?, ?, ?> state : states) {
            int groups = 0;
            for (int keyGroup : range) {
                groups += state.residence().of(keyGroup) == Residence.HEAP ? 0 : 1;
            }
            if (groups > 0) {
                try {
                    rows.put(state.name(), rowsOnDisk(state) / groups);
                } catch (RocksDBException e) {
                    LOG.debug("RocksDB does not say how large state '{}' is.", state.name(), e);
                }
            }
        }
        return rows;
    }

    /** RocksDB counts what was added to a list as a row each, until it compacts them. */
    private double rowsOnDisk(TieredState<?, ?, ?, ?> state) throws RocksDBException {
        double rows = state.mover().estimatedRowsOnDisk();
        return state instanceof TieredListState
                ? Math.min(
                        rows,
                        state.mover().estimatedBytesOnDisk()
                                / Math.max(1, size(state).serializedBytesAnEntry))
                : rows;
    }

    private StateSize size(TieredState<?, ?, ?, ?> state) {
        return sizes.computeIfAbsent(state.name(), name -> new StateSize());
    }

    static long bytesOf(BackendLoad load, Tier tier) {
        return load.groups().stream()
                .mapToLong(group -> tier == Tier.HEAP ? group.heapBytes() : group.diskBytes())
                .sum();
    }

    static long entriesOf(BackendLoad load, Tier tier) {
        return load.groups().stream()
                .mapToLong(group -> tier == Tier.HEAP ? group.heapEntries() : group.diskEntries())
                .sum();
    }
}
