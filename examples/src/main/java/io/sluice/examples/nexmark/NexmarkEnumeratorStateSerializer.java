package io.sluice.examples.nexmark;

import org.apache.flink.core.io.SimpleVersionedSerializer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes the splits that no reader holds, one after the other. */
final class NexmarkEnumeratorStateSerializer
        implements SimpleVersionedSerializer<List<NexmarkSplit>> {

    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(List<NexmarkSplit> splits) {
        ByteBuffer bytes = ByteBuffer.allocate(splits.size() * NexmarkSplitSerializer.BYTES);
        splits.forEach(split -> NexmarkSplitSerializer.write(split, bytes));
        return bytes.array();
    }

    @Override
    public List<NexmarkSplit> deserialize(int version, byte[] serialized) throws IOException {
        NexmarkSplitSerializer.requireVersion(version);
        ByteBuffer bytes = ByteBuffer.wrap(serialized);
        List<NexmarkSplit> splits = new ArrayList<>();
        while (bytes.hasRemaining()) {
            splits.add(NexmarkSplitSerializer.read(bytes));
        }
        return splits;
    }
}
