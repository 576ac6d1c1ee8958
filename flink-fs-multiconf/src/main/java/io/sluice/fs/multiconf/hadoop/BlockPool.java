package io.sluice.fs.multiconf.hadoop;

import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.LocatedBlock;
import org.apache.hadoop.hdfs.protocol.LocatedBlocks;
import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.UUID;

/**
 * Tells HDFS clusters apart that go by the same name: each namespace has a block pool, whose id it
 * keeps from its formatting on, and every block names it. The client protocol has no other call
 * that users may make and that tells it.
 */
final class BlockPool {

    private BlockPool() {}

    /**
     * Returns the id of the namespace that a file is in, or would be in.
     *
     * @param file and {@code other} one that should be there; if neither is, a file is written
     *     beside them and deleted again
     * @return null if the file is there and has no block yet
     */
    static @Nullable String of(DistributedFileSystem hdfs, Path file, Path other)
            throws IOException {
        try {
            return of(hdfs, file);
        } catch (FileNotFoundException e) {
            // It was renamed, or this is another cluster.
        }
        try {
            return of(hdfs, other);
        } catch (FileNotFoundException e) {
            // Removed, or this is another cluster.
        }
        return ofProbe(hdfs, existing(hdfs, other.getParent()));
    }

    private static @Nullable String of(DistributedFileSystem hdfs, Path file) throws IOException {
        LocatedBlocks blocks = hdfs.getClient().getLocatedBlocks(file.toUri().getPath(), 0, 1);
        LocatedBlock first =
                blocks.getLocatedBlocks().isEmpty() ? blocks.getLastLocatedBlock() : blocks.get(0);
        return first == null ? null : first.getBlock().getBlockPoolId();
    }

    private static Path existing(DistributedFileSystem hdfs, @Nullable Path directory)
            throws IOException {
        Path found = directory;
        while (found != null && !found.isRoot() && !hdfs.exists(found)) {
            found = found.getParent();
        }
        return found == null ? new Path("/") : found;
    }

    private static @Nullable String ofProbe(DistributedFileSystem hdfs, Path directory)
            throws IOException {
        Path probe = new Path(directory, ".sluice-probe-" + UUID.randomUUID());
        try (FSDataOutputStream out = hdfs.create(probe, false)) {
            out.write(0);
            out.hsync();
            return of(hdfs, probe);
        } finally {
            hdfs.delete(probe, false);
        }
    }
}
