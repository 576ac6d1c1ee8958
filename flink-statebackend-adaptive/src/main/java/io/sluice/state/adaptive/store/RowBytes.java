package io.sluice.state.adaptive.store;

import org.rocksdb.RocksIterator;

import java.util.Arrays;

/**
 * A row's key or value, read into an array that is used again: a move reads millions.
 *
 * <p>Owned by the task thread.
 */
final class RowBytes {

    private static final int KEPT_BYTES = 64 << 10;

    private byte[] bytes = new byte[256];
    private int length;

    void readKeyOf(RocksIterator rows) {
        length = rows.key(bytes);
        if (length > bytes.length) {
            bytes = rows.key();
        }
    }

    void readValueOf(RocksIterator rows) {
        length = rows.value(bytes);
        if (length > bytes.length) {
            bytes = rows.value();
        }
    }

    /** Lets go of an array that is too large to be kept until the next row. */
    void release() {
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[256];
            length = 0;
        }
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

    /** What was read, in an array of just its length; not a copy if that can be. */
    byte[] exact() {
        return length == bytes.length ? bytes : copy();
    }

    /** The smallest row after this one. */
    byte[] successor() {
        byte[] successor = Arrays.copyOf(bytes, length + 1);
        successor[length] = 0;
        return successor;
    }
}
