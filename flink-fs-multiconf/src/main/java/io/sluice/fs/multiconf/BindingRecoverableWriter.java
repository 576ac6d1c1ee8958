package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream.Committer;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import io.sluice.fs.multiconf.metrics.CountedOutput;
import io.sluice.fs.multiconf.metrics.Operation;
import io.sluice.fs.multiconf.metrics.OperationWatch;

import java.io.IOException;

/**
 * Writes through the binding. What it persists is of the file system behind, and says where it is,
 * see {@link Origin}; what that file system persisted without a binding is taken, too.
 */
final class BindingRecoverableWriter implements RecoverableWriter {

    private final RecoverableWriter real;
    private final Backend backend;
    private final OperationWatch watch;
    private final Mapping paths;
    private final Origin.Keeper origins;

    /** Returns the path behind one of the binding. */
    interface Mapping {
        Path real(Path path) throws IOException;
    }

    BindingRecoverableWriter(
            RecoverableWriter real,
            Backend backend,
            OperationWatch watch,
            Mapping paths,
            Origin.Keeper origins) {
        this.real = real;
        this.backend = backend;
        this.watch = watch;
        this.paths = paths;
        this.origins = origins;
    }

    private <T> T within(Operation operation, Backend.Action<T> action) throws IOException {
        return watch.of(operation, () -> backend.run(action));
    }

    @Override
    public RecoverableFsDataOutputStream open(Path path) throws IOException {
        Path realPath = paths.real(path);
        return CountedOutput.ofRecoverable(
                within(Operation.CREATE, () -> real.open(realPath)), watch);
    }

    @Override
    public RecoverableFsDataOutputStream recover(ResumeRecoverable resumable) throws IOException {
        return CountedOutput.ofRecoverable(
                within(Operation.RECOVER, () -> real.recover(resumable)), watch);
    }

    @Override
    public Committer recoverForCommit(CommitRecoverable resumable) throws IOException {
        return CountedOutput.ofCommitter(
                within(Operation.RECOVER, () -> real.recoverForCommit(resumable)), watch);
    }

    @Override
    public boolean requiresCleanupOfRecoverableState() {
        return real.requiresCleanupOfRecoverableState();
    }

    @Override
    public boolean cleanupRecoverableState(ResumeRecoverable resumable) throws IOException {
        return within(Operation.CLEANUP, () -> real.cleanupRecoverableState(resumable));
    }

    @Override
    public boolean supportsResume() {
        return real.supportsResume();
    }

    @Override
    public SimpleVersionedSerializer<CommitRecoverable> getCommitRecoverableSerializer() {
        return new WithOrigin<>(real.getCommitRecoverableSerializer(), origins);
    }

    @Override
    public SimpleVersionedSerializer<ResumeRecoverable> getResumeRecoverableSerializer() {
        return new WithOrigin<>(real.getResumeRecoverableSerializer(), origins);
    }

    /** Puts where a file is in front of what the file system behind the binding says of it. */
    private record WithOrigin<T>(SimpleVersionedSerializer<T> real, Origin.Keeper origins)
            implements SimpleVersionedSerializer<T> {

        /** Far from those of Flink's file systems, which count from one. */
        private static final int VERSION = 0x51_C0_00_01;

        @Override
        public int getVersion() {
            return VERSION;
        }

        @Override
        public byte[] serialize(T recoverable) throws IOException {
            byte[] inner = real.serialize(recoverable);
            DataOutputSerializer out = new DataOutputSerializer(inner.length + 128);
            origins.of(recoverable).write(out);
            out.writeInt(real.getVersion());
            out.writeInt(inner.length);
            out.write(inner);
            return out.getCopyOfBuffer();
        }

        @Override
        public T deserialize(int version, byte[] bytes) throws IOException {
            if (version != VERSION) {
                return real.deserialize(version, bytes);
            }
            DataInputDeserializer in = new DataInputDeserializer(bytes);
            Origin origin = Origin.read(in);
            int innerVersion = in.readInt();
            byte[] inner = new byte[in.readInt()];
            in.readFully(inner);
            // Of another scheme, it may not be readable at all.
            origins.requireScheme(origin);
            T recoverable = real.deserialize(innerVersion, inner);
            origins.require(origin, recoverable);
            return recoverable;
        }
    }
}
