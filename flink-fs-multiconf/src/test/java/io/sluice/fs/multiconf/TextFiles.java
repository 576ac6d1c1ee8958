package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;
import org.apache.flink.core.io.SimpleVersionedSerialization;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Small files of text, through Flink. */
final class TextFiles {

    private TextFiles() {}

    static void write(Path path, String text) throws IOException {
        try (FSDataOutputStream out = path.getFileSystem().create(path, WriteMode.NO_OVERWRITE)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static String read(Path path) throws IOException {
        try (FSDataInputStream in = path.getFileSystem().open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns what a checkpoint holds of a file that is written but not committed. */
    static byte[] pending(Path target, String text) throws IOException {
        RecoverableWriter writer = target.getFileSystem().createRecoverableWriter();
        RecoverableFsDataOutputStream out = writer.open(target);
        out.write(text.getBytes(StandardCharsets.UTF_8));
        return SimpleVersionedSerialization.writeVersionAndSerialize(
                writer.getCommitRecoverableSerializer(), out.closeForCommit().getRecoverable());
    }

    /** Returns that file, as a recovery through a path of a binding finds it. */
    static CommitRecoverable restored(Path binding, byte[] pending) throws IOException {
        return SimpleVersionedSerialization.readVersionAndDeSerialize(
                binding.getFileSystem().createRecoverableWriter().getCommitRecoverableSerializer(),
                pending);
    }

    /** Commits it; as after a failure, it may have been committed before. */
    static void commit(Path binding, CommitRecoverable restored) throws IOException {
        binding.getFileSystem()
                .createRecoverableWriter()
                .recoverForCommit(restored)
                .commitAfterRecovery();
    }
}
