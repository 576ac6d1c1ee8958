package io.sluice.systemtests.faults.job;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/**
 * Writes tallies, and waits where the test wants: in the asynchronous part of a checkpoint, and
 * while state is restored to the heap. Nowhere else, so that records go on.
 */
public final class TallySerializer extends TypeSerializerSingleton<Tally> {

    private static final long serialVersionUID = 1L;

    /** How the threads are called on which a task writes its checkpoints. */
    private static final String SNAPSHOT_THREADS = "AsyncOperations";

    private final boolean ofCheckpoint;

    TallySerializer() {
        this(false);
    }

    /**
     * @param ofCheckpoint whether it was made from what a checkpoint says of its serializers: the
     *     heap part is read by such a one
     */
    private TallySerializer(boolean ofCheckpoint) {
        this.ofCheckpoint = ofCheckpoint;
    }

    @Override
    public void serialize(Tally tally, DataOutputView out) throws IOException {
        if (Thread.currentThread().getName().startsWith(SNAPSHOT_THREADS)) {
            Switches.ofProcess().hold(Switches.HOLD_SNAPSHOT);
        }
        out.writeLong(tally.count());
        out.writeLong(tally.sum());
    }

    @Override
    public Tally deserialize(DataInputView in) throws IOException {
        if (ofCheckpoint) {
            Switches.ofProcess().hold(Switches.HOLD_RESTORE);
        }
        return new Tally(in.readLong(), in.readLong());
    }

    @Override
    public Tally deserialize(Tally reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public void copy(DataInputView from, DataOutputView to) throws IOException {
        to.write(from, getLength());
    }

    @Override
    public Tally copy(Tally tally) {
        return tally;
    }

    @Override
    public Tally copy(Tally tally, Tally reuse) {
        return tally;
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public Tally createInstance() {
        return Tally.NONE;
    }

    @Override
    public int getLength() {
        return 2 * Long.BYTES;
    }

    @Override
    public TypeSerializerSnapshot<Tally> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of it. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Tally> {
        public Snapshot() {
            super(() -> new TallySerializer(true));
        }
    }
}
