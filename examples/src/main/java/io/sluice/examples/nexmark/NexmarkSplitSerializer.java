package io.sluice.examples.nexmark;

import org.apache.flink.core.io.SimpleVersionedSerializer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes a {@link NexmarkSplit} as 16 bytes. */
final class NexmarkSplitSerializer implements SimpleVersionedSerializer<NexmarkSplit> {

    static final int BYTES = Integer.BYTES + Integer.BYTES + Long.BYTES;

    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(NexmarkSplit split) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        write(split, bytes);
        return bytes.array();
    }

    @Override
    public NexmarkSplit deserialize(int version, byte[] serialized) throws IOException {
        requireVersion(version);
        return read(ByteBuffer.wrap(serialized));
    }

    static void write(NexmarkSplit split, ByteBuffer to) {
        to.putInt(split.index()).putInt(split.stride()).putLong(split.next());
    }

    static NexmarkSplit read(ByteBuffer from) {
        return new NexmarkSplit(from.getInt(), from.getInt(), from.getLong());
    }

    static void requireVersion(int version) throws IOException {
        if (version != VERSION) {
            throw new IOException(
                    "Cannot restore the Nexmark source: its state has version %d, this jar reads version %d. Use the jar that wrote the savepoint."
                            .formatted(version, VERSION));
        }
    }
}
