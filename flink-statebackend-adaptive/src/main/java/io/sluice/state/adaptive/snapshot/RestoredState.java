package io.sluice.state.adaptive.snapshot;

import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;

import io.sluice.state.adaptive.placement.Tier;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a backend is restored from, sorted by tier: our own checkpoints, and whatever stock Flink
 * wrote.
 *
 * <table>
 *   <caption>Handles and where they go</caption>
 *   <tr><td>checkpoint or native savepoint of this backend</td><td>each part to its tier</td></tr>
 *   <tr><td>checkpoint or native savepoint of stock RocksDB</td><td>disk</td></tr>
 *   <tr><td>checkpoint of stock hashmap</td><td>heap</td></tr>
 *   <tr><td>canonical savepoint of any backend</td><td>as the caller says</td></tr>
 * </table>
 */
public final class RestoredState {

    private final KeyGroupRange range;
    private final List<KeyedStateHandle> heap = new ArrayList<>();
    private final List<KeyedStateHandle> disk = new ArrayList<>();
    private final @Nullable Tier[] targets;
    private final Map<String, Byte @Nullable []> residences = new HashMap<>();
    private final @Nullable Byte[] unlisted;

    private RestoredState(KeyGroupRange range) {
        this.range = range;
        this.targets = new @Nullable Tier[range.getNumberOfKeyGroups()];
        this.unlisted = new @Nullable Byte[range.getNumberOfKeyGroups()];
    }

    /**
     * Sorts {@code handles}; reads the manifests of our own checkpoints.
     *
     * @param range the key groups of the backend that is being built
     * @param canonicalTier where the contents of a canonical savepoint are to go
     */
    public static RestoredState of(
            Collection<KeyedStateHandle> handles,
            KeyGroupRange range,
            Function<KeyGroupsSavepointStateHandle, Tier> canonicalTier)
            throws IOException {
        RestoredState restored = new RestoredState(range);
        for (KeyedStateHandle handle : handles) {
            if (handle != null) {
                restored.add(handle, canonicalTier);
            }
        }
        return restored;
    }

    private void add(
            KeyedStateHandle handle, Function<KeyGroupsSavepointStateHandle, Tier> canonicalTier)
            throws IOException {
        if (handle instanceof TieredLocalHandle local) {
            addTiered(Manifest.fromBytes(local.manifest()), local.heap(), local.disk());
        } else if (TieredHandle.isTiered(handle)) {
            TieredHandle.Parts parts =
                    TieredHandle.disassemble((IncrementalRemoteKeyedStateHandle) handle);
            addTiered(parts.manifest(), parts.heap(), parts.disk());
        } else if (handle instanceof KeyGroupsSavepointStateHandle savepoint) {
            addWhole(savepoint, canonicalTier.apply(savepoint));
        } else if (handle instanceof KeyGroupsStateHandle) {
            addWhole(handle, Tier.HEAP);
        } else {
            addWhole(handle, Tier.DISK);
        }
    }

    private void addWhole(KeyedStateHandle handle, Tier tier) {
        switch (tier) {
            case HEAP -> heap.add(handle);
            case DISK -> disk.add(handle);
        }
        for (int keyGroup : handle.getKeyGroupRange().getIntersection(range)) {
            targets[keyGroup - range.getStartKeyGroup()] = tier;
        }
    }

    private void addTiered(
            Manifest manifest,
            @Nullable KeyedStateHandle heapPart,
            @Nullable KeyedStateHandle diskPart) {
        KeyGroupRange common = manifest.range().getIntersection(range);
        if (common.getNumberOfKeyGroups() == 0) {
            return;
        }
        if (heapPart != null) {
            KeyedStateHandle inRange = heapPart.getIntersection(range);
            if (inRange != null) {
                heap.add(inRange);
            }
        }
        if (diskPart != null) {
            disk.add(diskPart);
        }
        for (int keyGroup : common) {
            int from = keyGroup - manifest.range().getStartKeyGroup();
            int to = keyGroup - range.getStartKeyGroup();
            targets[to] = manifest.targets()[from];
            unlisted[to] = manifest.unlisted()[from];
            manifest.residences()
                    .forEach(
                            (state, groups) ->
                                    residences
                                                    .computeIfAbsent(
                                                            state,
                                                            name -> new Byte[targets.length])[to] =
                                            groups[from]);
        }
    }

    /** The handles for the heap backend. */
    public List<KeyedStateHandle> heap() {
        return heap.stream().map(BufferedHandle::buffered).toList();
    }

    /** The handles for the RocksDB backend. */
    public List<KeyedStateHandle> disk() {
        return List.copyOf(disk);
    }

    /** The tier that a key group belonged to, or {@code initial} where nothing was restored. */
    public Tier target(int keyGroup, Tier initial) {
        Tier target = targets[keyGroup - range.getStartKeyGroup()];
        return target == null ? initial : target;
    }

    /** The states that manifests know. */
    public Collection<String> states() {
        return residences.keySet();
    }

    /**
     * Where the entries of {@code state} are, one byte a key group.
     *
     * @param unknown for key groups that were restored from something without a manifest
     */
    public byte[] residence(String state, Function<Integer, Byte> unknown) {
        return orUnlisted(residences.get(state), unknown);
    }

    /** Where the entries of states are that no manifest knows, one byte a key group. */
    public byte[] unlisted(Function<Integer, Byte> unknown) {
        return orUnlisted(null, unknown);
    }

    private byte[] orUnlisted(Byte @Nullable [] known, Function<Integer, Byte> unknown) {
        byte[] groups = new byte[targets.length];
        for (int i = 0; i < groups.length; i++) {
            Byte residence = known == null || known[i] == null ? unlisted[i] : known[i];
            groups[i] = residence == null ? unknown.apply(range.getStartKeyGroup() + i) : residence;
        }
        return groups;
    }

    @Override
    public String toString() {
        return "RestoredState" + Arrays.toString(targets);
    }
}
