package io.sluice.fs.multiconf.metrics;

import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FSDataOutputStreamWrapper;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;

import java.io.IOException;

/**
 * Counts what is written to a file of a binding. Bytes are told in portions: a program may write
 * one at a time.
 *
 * <p><b>Threads.</b> As the real stream.
 */
public final class CountedOutput {

    private static final long PORTION = 64 << 10;

    private CountedOutput() {}

    /** Returns one that writes to the real one. */
    public static FSDataOutputStream of(FSDataOutputStream real, OperationWatch watch) {
        return new Plain(real, watch);
    }

    /** Returns one that writes to the real one, and makes durable what that does. */
    public static RecoverableFsDataOutputStream ofRecoverable(
            RecoverableFsDataOutputStream real, OperationWatch watch) {
        return new Recoverable(real, watch);
    }

    /** Returns one that publishes what the real one does. */
    public static RecoverableFsDataOutputStream.Committer ofCommitter(
            RecoverableFsDataOutputStream.Committer real, OperationWatch watch) {
        return new Committer(real, watch);
    }

    private static final class Plain extends FSDataOutputStreamWrapper {

        private final OperationWatch watch;

        /** Bytes that are not told yet. */
        private long untold;

        private Plain(FSDataOutputStream real, OperationWatch watch) {
            super(real);
            this.watch = watch;
        }

        @Override
        public void write(int written) throws IOException {
            try {
                outputStream.write(written);
            } catch (IOException e) {
                throw watch.failed(e);
            }
            counted(1);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            write(bytes, 0, bytes.length);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                outputStream.write(bytes, offset, length);
            } catch (IOException e) {
                throw watch.failed(e);
            }
            counted(length);
        }

        private void counted(int written) {
            untold += written;
            if (untold >= PORTION) {
                tell();
            }
        }

        private void tell() {
            watch.metrics().written(untold);
            untold = 0;
        }

        @Override
        public void flush() throws IOException {
            try {
                super.flush();
            } catch (IOException e) {
                throw watch.failed(e);
            }
        }

        @Override
        public void sync() throws IOException {
            try {
                super.sync();
            } catch (IOException e) {
                throw watch.failed(e);
            }
        }

        @Override
        public void close() throws IOException {
            tell();
            watch.ofAction(Operation.CLOSE, super::close);
        }
    }

    private static final class Recoverable extends RecoverableFsDataOutputStream {

        private final RecoverableFsDataOutputStream real;
        private final OperationWatch watch;

        /** The real one again, for all but what only recoverable ones do. */
        private final Plain counted;

        private Recoverable(RecoverableFsDataOutputStream real, OperationWatch watch) {
            this.real = real;
            this.watch = watch;
            this.counted = new Plain(real, watch);
        }

        @Override
        public ResumeRecoverable persist() throws IOException {
            return watch.of(Operation.PERSIST, real::persist);
        }

        @Override
        public RecoverableFsDataOutputStream.Committer closeForCommit() throws IOException {
            counted.tell();
            return ofCommitter(watch.of(Operation.CLOSE, real::closeForCommit), watch);
        }

        @Override
        public void write(int written) throws IOException {
            counted.write(written);
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            counted.write(bytes);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            counted.write(bytes, offset, length);
        }

        @Override
        public long getPos() throws IOException {
            return counted.getPos();
        }

        @Override
        public void flush() throws IOException {
            counted.flush();
        }

        @Override
        public void sync() throws IOException {
            counted.sync();
        }

        @Override
        public void close() throws IOException {
            counted.close();
        }
    }

    private record Committer(RecoverableFsDataOutputStream.Committer real, OperationWatch watch)
            implements RecoverableFsDataOutputStream.Committer {

        @Override
        public void commit() throws IOException {
            watch.ofAction(Operation.COMMIT, real::commit);
        }

        @Override
        public void commitAfterRecovery() throws IOException {
            watch.ofAction(Operation.COMMIT, real::commitAfterRecovery);
        }

        @Override
        public CommitRecoverable getRecoverable() {
            return real.getRecoverable();
        }
    }
}
