package io.sluice.state.adaptive.snapshot;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.FullSnapshotResources;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyValueStateIterator;
import org.apache.flink.runtime.state.StreamCompressionDecorator;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.apache.flink.util.IOUtils;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contents of both tiers as one canonical savepoint, which every Flink backend can restore.
 *
 * <p>A state that both tiers hold is listed once, and its entries of a key group follow each other.
 */
public final class MergedSavepoint<K> implements FullSnapshotResources<K> {

    private record StateId(String name, StateMetaInfoSnapshot.BackendStateType type) {}

    private final FullSnapshotResources<K> heap;
    private final FullSnapshotResources<K> disk;
    private final List<StateMetaInfoSnapshot> states = new ArrayList<>();
    private final int[] heapIds;
    private final int[] diskIds;

    /** Takes over both resources. */
    public MergedSavepoint(FullSnapshotResources<K> heap, FullSnapshotResources<K> disk) {
        this.heap = heap;
        this.disk = disk;
        Map<StateId, Integer> ids = new LinkedHashMap<>();
        this.heapIds = number(heap.getMetaInfoSnapshots(), ids);
        this.diskIds = number(disk.getMetaInfoSnapshots(), ids);
    }

    private int[] number(List<StateMetaInfoSnapshot> part, Map<StateId, Integer> ids) {
        int[] numbers = new int[part.size()];
        for (int i = 0; i < numbers.length; i++) {
            StateMetaInfoSnapshot state = part.get(i);
            StateId id = new StateId(state.getName(), state.getBackendStateType());
            Integer known = ids.get(id);
            if (known == null) {
                known = states.size();
                ids.put(id, known);
                states.add(state);
            }
            numbers[i] = known;
        }
        return numbers;
    }

    @Override
    public List<StateMetaInfoSnapshot> getMetaInfoSnapshots() {
        return states;
    }

    @Override
    public KeyValueStateIterator createKVStateIterator() throws IOException {
        KeyValueStateIterator onHeap = heap.createKVStateIterator();
        try {
            return new Merged(
                    new Part(onHeap, heapIds), new Part(disk.createKVStateIterator(), diskIds));
        } catch (IOException | RuntimeException e) {
            IOUtils.closeQuietly(onHeap);
            throw e;
        }
    }

    @Override
    public KeyGroupRange getKeyGroupRange() {
        return heap.getKeyGroupRange();
    }

    @Override
    public TypeSerializer<K> getKeySerializer() {
        return heap.getKeySerializer();
    }

    @Override
    public StreamCompressionDecorator getStreamCompressionDecorator() {
        return heap.getStreamCompressionDecorator();
    }

    @Override
    public void release() {
        try {
            heap.release();
        } finally {
            disk.release();
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Part(KeyValueStateIterator entries, int[] ids) {
        int stateId() {
            return ids[entries.kvStateId()];
        }
    }

    /** By key group, and within one by state: the order in which both parts come. */
    private static final class Merged implements KeyValueStateIterator {

        private final Part heap;
        private final Part disk;
        private @Nullable Part current;
        private int keyGroup = -1;
        private int stateId = -1;
        private boolean newKeyGroup = true;
        private boolean newState = true;

        Merged(Part heap, Part disk) {
            this.heap = heap;
            this.disk = disk;
            choose();
        }

        private void choose() {
            Part next = nextPart();
            current = next;
            if (next != null) {
                int nextKeyGroup = next.entries().keyGroup();
                int nextStateId = next.stateId();
                newKeyGroup = nextKeyGroup != keyGroup;
                newState = newKeyGroup || nextStateId != stateId;
                keyGroup = nextKeyGroup;
                stateId = nextStateId;
            }
        }

        private @Nullable Part nextPart() {
            boolean heapValid = heap.entries().isValid();
            boolean diskValid = disk.entries().isValid();
            if (heapValid && diskValid) {
                int heapGroup = heap.entries().keyGroup();
                int diskGroup = disk.entries().keyGroup();
                if (heapGroup != diskGroup) {
                    return heapGroup < diskGroup ? heap : disk;
                }
                // Stay with a state until both parts are through with it.
                if (heapGroup == keyGroup && disk.stateId() == stateId) {
                    return heap.stateId() == stateId ? heap : disk;
                }
                return heap;
            }
            return heapValid ? heap : diskValid ? disk : null;
        }

        private Part valid() {
            Part part = current;
            if (part == null) {
                throw new IllegalStateException("There is no further entry.");
            }
            return part;
        }

        @Override
        public void next() throws IOException {
            valid().entries().next();
            choose();
        }

        @Override
        public int keyGroup() {
            return keyGroup;
        }

        @Override
        public byte[] key() {
            return valid().entries().key();
        }

        @Override
        public byte[] value() {
            return valid().entries().value();
        }

        @Override
        public int kvStateId() {
            return stateId;
        }

        @Override
        public boolean isNewKeyValueState() {
            return newState;
        }

        @Override
        public boolean isNewKeyGroup() {
            return newKeyGroup;
        }

        @Override
        public boolean isValid() {
            return current != null;
        }

        @Override
        public void close() {
            try {
                heap.entries().close();
            } finally {
                disk.entries().close();
            }
        }
    }
}
