package io.sluice.state.adaptive.snapshot;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PhysicalStateHandleID;
import org.apache.flink.runtime.state.StreamStateHandle;

import java.io.IOException;
import java.util.Optional;

/**
 * A handle whose streams are buffered, for the heap backend to restore from.
 *
 * <p>Serializers read byte by byte, and Flink's stream of a local file asks the kernel for each.
 *
 * @param whole what is read; owned by whoever made it
 */
record BufferedHandle(StreamStateHandle whole) implements StreamStateHandle {

    private static final long serialVersionUID = 1L;

    /** Returns the same part of the same file, read through a buffer. */
    static KeyedStateHandle buffered(KeyedStateHandle handle) {
        // Savepoints are of a subclass, and are restored in another way.
        return handle.getClass() == KeyGroupsStateHandle.class
                ? new KeyGroupsStateHandle(
                        ((KeyGroupsStateHandle) handle).getGroupRangeOffsets(),
                        new BufferedHandle(
                                ((KeyGroupsStateHandle) handle).getDelegateStateHandle()))
                : handle;
    }

    @Override
    public FSDataInputStream openInputStream() throws IOException {
        return new BufferedStream(whole.openInputStream());
    }

    @Override
    public Optional<byte[]> asBytesIfInMemory() {
        return whole.asBytesIfInMemory();
    }

    @Override
    public PhysicalStateHandleID getStreamStateHandleID() {
        return whole.getStreamStateHandleID();
    }

    @Override
    public void discardState() throws Exception {
        whole.discardState();
    }

    @Override
    public long getStateSize() {
        return whole.getStateSize();
    }

    @Override
    public void collectSizeStats(StateObjectSizeStatsCollector collector) {
        whole.collectSizeStats(collector);
    }
}
