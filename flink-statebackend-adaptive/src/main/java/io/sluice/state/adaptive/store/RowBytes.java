package io.sluice.state.adaptive.store;

import org.rocksdb.RocksIterator;

import java.util.Arrays;

/**
 * A row's key or value, read into an array that is used again: a move reads millions.
 *
 * <p>Owned by the task thread.
 */
final class RowBytes {

    private byte[] bytes = new byte[256];
    private int length;

    void readKeyOf(RocksIterator rows) {
        length = rows.key(bytes);
        if (length > bytes.length) {
            bytes = new byte[enough(length)];
            length = rows.key(bytes);
        }
    }

    void readValueOf(RocksIterator rows) {
        length = rows.value(bytes);
        if (length > bytes.length) {
            bytes = new byte[enough(length)];
            length = rows.value(bytes);
        }
    }

    private static int enough(int length) {
        return (int) Math.min(Integer.MAX_VALUE - 8, length + length / 2L);
    }

    /** What was read, in the first {@link #length()} bytes; valid until the next is read. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean startsWith(byte[] prefix) {
        return length >= prefix.length
                && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    /** The smallest row after this one. */
    byte[] successor() {
        byte[] successor = Arrays.copyOf(bytes, length + 1);
        successor[length] = 0;
        return successor;
    }
}
