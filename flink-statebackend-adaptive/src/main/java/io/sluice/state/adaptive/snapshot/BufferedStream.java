package io.sluice.state.adaptive.snapshot;

import org.apache.flink.core.fs.FSDataInputStream;

import java.io.IOException;

/** Reads ahead. Like the stream below it, for one thread. */
final class BufferedStream extends FSDataInputStream {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final FSDataInputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    /** What of the buffer has been read, and what is in it. */
    private int position;

    private int limit;

    BufferedStream(FSDataInputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == limit && length >= BUFFER_BYTES) {
            return in.read(target, offset, length);
        }
        if (position == limit && !fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        limit = Math.max(0, in.read(buffer, 0, BUFFER_BYTES));
        return limit > 0;
    }

    @Override
    public void seek(long desired) throws IOException {
        long ahead = desired - getPos();
        if (ahead >= -position && ahead <= limit - position) {
            position += (int) ahead;
        } else {
            position = 0;
            limit = 0;
            in.seek(desired);
        }
    }

    @Override
    public long getPos() throws IOException {
        return in.getPos() - (limit - position);
    }

    @Override
    public int available() throws IOException {
        return limit - position + in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
