package io.sluice.fs.multiconf.alias;

import org.apache.flink.core.fs.FSDataInputStream;

import org.apache.hadoop.fs.FSInputStream;

import java.io.EOFException;
import java.io.IOException;

/**
 * A stream of Flink as one of Hadoop. Reads at a position are done on a stream of their own, so
 * that several threads may do them.
 */
final class SeekableStream extends FSInputStream {

    private final FSDataInputStream flink;
    private final Opener opener;

    /** Opens the same file once more. */
    interface Opener {
        FSDataInputStream open() throws IOException;
    }

    SeekableStream(FSDataInputStream flink, Opener opener) {
        this.flink = flink;
        this.opener = opener;
    }

    @Override
    public void seek(long position) throws IOException {
        if (position < 0) {
            throw new EOFException("Cannot seek to %d.".formatted(position));
        }
        flink.seek(position);
    }

    @Override
    public long getPos() throws IOException {
        return flink.getPos();
    }

    @Override
    public boolean seekToNewSource(long position) {
        return false;
    }

    @Override
    public int read() throws IOException {
        return flink.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return flink.read(buffer, offset, length);
    }

    @Override
    public int read(long position, byte[] buffer, int offset, int length) throws IOException {
        try (FSDataInputStream once = opener.open()) {
            once.seek(position);
            return once.read(buffer, offset, length);
        }
    }

    @Override
    public void readFully(long position, byte[] buffer, int offset, int length) throws IOException {
        try (FSDataInputStream once = opener.open()) {
            once.seek(position);
            if (once.readNBytes(buffer, offset, length) < length) {
                throw new EOFException("There are no %d bytes at %d.".formatted(length, position));
            }
        }
    }

    @Override
    public int available() throws IOException {
        return flink.available();
    }

    @Override
    public void close() throws IOException {
        flink.close();
    }
}
