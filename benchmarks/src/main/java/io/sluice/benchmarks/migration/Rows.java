package io.sluice.benchmarks.migration;

import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import io.sluice.benchmarks.backend.OpenBackend;

import java.nio.ByteBuffer;

/**
 * The entries that are moved: {@link Long} keys in no order, and incompressible values of 100
 * bytes; and the rows that Flink makes of them in RocksDB, put together by hand.
 *
 * @param count of rows
 */
record Rows(Kind kind, int count) {

    /** The kind of state. */
    enum Kind {
        VALUE(1),
        MAP(10);

        private final int rowsAKey;

        Kind(int rowsAKey) {
            this.rowsAKey = rowsAKey;
        }
    }

    static final String STATE = "moved";
    static final int VALUE_BYTES = 100;

    private static final int KEY_GROUPS = 128;

    StateDescriptor<?, ?> descriptor() {
        return switch (kind) {
            case VALUE -> new ValueStateDescriptor<>(STATE, BytePrimitiveArraySerializer.INSTANCE);
            case MAP ->
                    new MapStateDescriptor<>(
                            STATE, LongSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE);
        };
    }

    private int keys() {
        return count / kind.rowsAKey;
    }

    /** Puts all entries into a backend. */
    @SuppressWarnings("unchecked")
    void putInto(OpenBackend open) throws Exception {
        switch (kind) {
            case VALUE -> {
                ValueState<byte[]> state = (ValueState<byte[]>) open.state(descriptor());
                for (int i = 0; i < keys(); i++) {
                    open.backend().setCurrentKey(key(i));
                    state.update(value(i));
                }
            }
            case MAP -> {
                MapState<Long, byte[]> state = (MapState<Long, byte[]>) open.state(descriptor());
                for (int i = 0; i < keys(); i++) {
                    open.backend().setCurrentKey(key(i));
                    for (int userKey = 0; userKey < kind.rowsAKey; userKey++) {
                        state.put((long) userKey, value((long) i * kind.rowsAKey + userKey));
                    }
                }
            }
        }
    }

    /**
     * Returns the same as rows, by key group, and within a key group in the order of no key: as a
     * hash table has them.
     */
    Serialized serialized() {
        int keyBytes = 1 + Long.BYTES + 1 + (kind == Kind.MAP ? Long.BYTES : 0);
        int valueBytes = (kind == Kind.MAP ? 1 : 0) + Integer.BYTES + VALUE_BYTES;
        int[] keysOfGroup = new int[KEY_GROUPS];
        for (int i = 0; i < keys(); i++) {
            keysOfGroup[keyGroup(key(i))]++;
        }
        ByteBuffer[] groups = new ByteBuffer[KEY_GROUPS];
        for (int group = 0; group < KEY_GROUPS; group++) {
            groups[group] =
                    ByteBuffer.allocate(
                            keysOfGroup[group] * kind.rowsAKey * (keyBytes + valueBytes));
        }
        for (int i = 0; i < keys(); i++) {
            long key = key(i);
            int group = keyGroup(key);
            for (int userKey = 0; userKey < kind.rowsAKey; userKey++) {
                // The key group; the key; the namespace, which is empty.
                groups[group].put((byte) group).putLong(key).put((byte) 0);
                if (kind == Kind.MAP) {
                    // The user key; whether the value is null.
                    groups[group].putLong(userKey).put((byte) 0);
                }
                groups[group].putInt(VALUE_BYTES).put(value((long) i * kind.rowsAKey + userKey));
            }
        }
        byte[][] bytes = new byte[KEY_GROUPS][];
        for (int group = 0; group < KEY_GROUPS; group++) {
            bytes[group] = groups[group].array();
        }
        return new Serialized(bytes, keyBytes, valueBytes);
    }

    /** Rows one behind the other, by key group. */
    @SuppressWarnings("ArrayRecordComponent")
    record Serialized(byte[][] groups, int keyBytes, int valueBytes) {}

    private static int keyGroup(long key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, KEY_GROUPS);
    }

    private static long key(long number) {
        return mixed(number);
    }

    private static byte[] value(long number) {
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
        long seed = mixed(~number);
        while (value.remaining() >= Long.BYTES) {
            value.putLong(mixed(seed++));
        }
        return value.array();
    }

    /** One to one: different numbers stay different. */
    private static long mixed(long number) {
        long z = number + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
