package io.sluice.fs.multiconf.hadoop;

import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.LocatedBlock;
import org.apache.hadoop.hdfs.protocol.LocatedBlocks;
import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells HDFS clusters apart that go by the same name: each namespace has a block pool, whose id it
 * keeps from its formatting on, and every block names it. The client protocol has no other call
 * that users may make and that tells it.
 *
 * <p><b>Threads.</b> Any.
 */
final class BlockPool {

    /** More directories than a sink writes to at a time. */
    private static final int REMEMBERED = 1000;

    private final DistributedFileSystem hdfs;

    /** Of each directory: behind a router there may be several namespaces. */
    private final Map<Path, String> known = new ConcurrentHashMap<>();

    BlockPool(DistributedFileSystem hdfs) {
        this.hdfs = hdfs;
    }

    /**
     * Returns the id of the namespace that a file is in, or would be in.
     *
     * @param file and {@code other} one that should be there, in one directory; if neither is, or
     *     has a block, a file is written beside them and deleted again
     */
    String of(Path file, Path other) throws IOException {
        Path directory = other.getParent();
        String id = known.get(directory);
        if (id == null) {
            id = ask(file, other);
            if (known.size() >= REMEMBERED) {
                known.clear();
            }
            known.put(directory, id);
        }
        return id;
    }

    private String ask(Path file, Path other) throws IOException {
        String id = ofFile(file);
        if (id == null) {
            id = ofFile(other);
        }
        return id == null ? ofProbe(other.getParent()) : id;
    }

    /** Returns null if the file is not there or has no block. */
    private @Nullable String ofFile(Path file) throws IOException {
        try {
            LocatedBlocks blocks = hdfs.getClient().getLocatedBlocks(file.toUri().getPath(), 0, 1);
            LocatedBlock first =
                    blocks.getLocatedBlocks().isEmpty()
                            ? blocks.getLastLocatedBlock()
                            : blocks.get(0);
            return first == null ? null : first.getBlock().getBlockPoolId();
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    private String ofProbe(Path directory) throws IOException {
        Path probe = new Path(directory, ".sluice-probe-" + UUID.randomUUID());
        try {
            try (FSDataOutputStream out = hdfs.create(probe, false)) {
                out.write(0);
                out.hsync();
            }
            String id = ofFile(probe);
            if (id == null) {
                throw new IOException("The NameNode names no block of it.");
            }
            return id;
        } catch (IOException e) {
            throw new IOException(
                    "Cannot tell which HDFS cluster %s is in, as a small file cannot be written there: %s. Without that, files that were not committed could be lost. Let the binding's user write there."
                            .formatted(directory, e.getMessage()),
                    e);
        } finally {
            hdfs.delete(probe, false);
        }
    }
}
