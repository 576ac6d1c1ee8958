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
    public static FSDataOutputStream of(FSDataOutputStream real, BindingMetrics metrics) {
        return new Plain(real, metrics);
    }

    /** Returns one that writes to the real one, and makes durable what that does. */
    public static RecoverableFsDataOutputStream ofRecoverable(
            RecoverableFsDataOutputStream real, BindingMetrics metrics) {
        return new Recoverable(real, metrics);
    }

    /** Returns one that publishes what the real one does. */
    public static RecoverableFsDataOutputStream.Committer ofCommitter(
            RecoverableFsDataOutputStream.Committer real, BindingMetrics metrics) {
        return new Committer(real, metrics);
    }

    private static final class Plain extends FSDataOutputStreamWrapper {

        private final BindingMetrics metrics;

        /** Bytes that are not told yet. */
        private long untold;

        private Plain(FSDataOutputStream real, BindingMetrics metrics) {
            super(real);
            this.metrics = metrics;
        }

        @Override
        public void write(int written) throws IOException {
            try {
                outputStream.write(written);
            } catch (IOException e) {
                throw metrics.failed(e);
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
                throw metrics.failed(e);
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
            metrics.written(untold);
            untold = 0;
        }

        @Override
        public void flush() throws IOException {
            try {
                super.flush();
            } catch (IOException e) {
                throw metrics.failed(e);
            }
        }

        @Override
        public void sync() throws IOException {
            try {
                super.sync();
            } catch (IOException e) {
                throw metrics.failed(e);
            }
        }

        @Override
        public void close() throws IOException {
            tell();
            metrics.measureAction(Operation.CLOSE, super::close);
        }
    }

    private static final class Recoverable extends RecoverableFsDataOutputStream {

        private final RecoverableFsDataOutputStream real;
        private final BindingMetrics metrics;

        /** The real one again, for all but what only recoverable ones do. */
        private final Plain counted;

        private Recoverable(RecoverableFsDataOutputStream real, BindingMetrics metrics) {
            this.real = real;
            this.metrics = metrics;
            this.counted = new Plain(real, metrics);
        }

        @Override
        public ResumeRecoverable persist() throws IOException {
            return metrics.measure(Operation.PERSIST, real::persist);
        }

        @Override
        public RecoverableFsDataOutputStream.Committer closeForCommit() throws IOException {
            counted.tell();
            return ofCommitter(metrics.measure(Operation.CLOSE, real::closeForCommit), metrics);
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

    private record Committer(RecoverableFsDataOutputStream.Committer real, BindingMetrics metrics)
            implements RecoverableFsDataOutputStream.Committer {

        @Override
        public void commit() throws IOException {
            metrics.measureAction(Operation.COMMIT, real::commit);
        }

        @Override
        public void commitAfterRecovery() throws IOException {
            metrics.measureAction(Operation.COMMIT, real::commitAfterRecovery);
        }

        @Override
        public CommitRecoverable getRecoverable() {
            return real.getRecoverable();
        }
    }
}
