package io.sluice.fs.multiconf.metrics;

import org.apache.flink.core.fs.ByteBufferReadable;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataInputStreamWrapper;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Counts what is read from a file of a binding. Bytes are told in portions: a program may read one
 * at a time.
 *
 * <p><b>Threads.</b> One, as for all streams; reads at a position, if there are any, from any.
 */
public class CountedInput extends FSDataInputStreamWrapper {

    private static final long PORTION = 64 << 10;

    private final OperationWatch watch;

    /** Bytes that are not told yet. */
    private long untold;

    private CountedInput(FSDataInputStream real, OperationWatch watch) {
        super(real);
        this.watch = watch;
    }

    /** Returns one that can do what the real one can. */
    public static FSDataInputStream of(FSDataInputStream real, OperationWatch watch) {
        return real instanceof ByteBufferReadable readable
                ? new WithBuffers(real, readable, watch)
                : new CountedInput(real, watch);
    }

    @Override
    public int read() throws IOException {
        try {
            int read = inputStream.read();
            counted(read < 0 ? -1 : 1);
            return read;
        } catch (IOException e) {
            throw watch.failed(e);
        }
    }

    @Override
    public int read(byte[] bytes) throws IOException {
        return read(bytes, 0, bytes.length);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return counted(inputStream.read(bytes, offset, length));
        } catch (IOException e) {
            throw watch.failed(e);
        }
    }

    /**
     * @param read as streams tell it: negative at the end
     */
    final int counted(int read) {
        if (read > 0) {
            untold += read;
            if (untold >= PORTION) {
                tell();
            }
        }
        return read;
    }

    private void tell() {
        watch.metrics().read(untold);
        untold = 0;
    }

    @Override
    public void close() throws IOException {
        tell();
        super.close();
    }

    /** One that reads into buffers, too. */
    private static final class WithBuffers extends CountedInput implements ByteBufferReadable {

        private final ByteBufferReadable real;
        private final OperationWatch watch;

        private WithBuffers(
                FSDataInputStream stream, ByteBufferReadable real, OperationWatch watch) {
            super(stream, watch);
            this.real = real;
            this.watch = watch;
        }

        @Override
        public int read(ByteBuffer buffer) throws IOException {
            try {
                return counted(real.read(buffer));
            } catch (IOException e) {
                throw watch.failed(e);
            }
        }

        @Override
        public int read(long position, ByteBuffer buffer) throws IOException {
            try {
                int read = real.read(position, buffer);
                watch.metrics().read(Math.max(read, 0));
                return read;
            } catch (IOException e) {
                throw watch.failed(e);
            }
        }
    }
}
