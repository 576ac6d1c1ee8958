package io.sluice.fs.multiconf.hadoop;

import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.fs.hdfs.HadoopFileStatus;
import org.apache.flink.runtime.fs.hdfs.HadoopFileSystem;

import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * HDFS with fewer calls of the NameNode: listings tell the locations of blocks, for which sources
 * would ask file by file, and deletes of a checkpoint may be one.
 */
final class LocatedListing extends HadoopFileSystem {

    private final BlockPool blockPool;
    private final @Nullable CoalescedDeletes deletes;

    /**
     * @param deletes null if each is to be done at once
     */
    LocatedListing(DistributedFileSystem hdfs, @Nullable CoalescedDeletes deletes) {
        super(hdfs);
        this.blockPool = new BlockPool(hdfs);
        this.deletes = deletes;
    }

    BlockPool blockPool() {
        return blockPool;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        RemoteIterator<LocatedFileStatus> entries =
                getHadoopFileSystem().listLocatedStatus(toHadoopPath(path));
        List<FileStatus> found = new ArrayList<>();
        while (entries.hasNext()) {
            found.add(HadoopFileStatus.fromHadoopStatus(entries.next()));
        }
        return found.toArray(FileStatus[]::new);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        return deletes == null
                ? super.delete(path, recursive)
                : deletes.delete(toHadoopPath(path), recursive);
    }
}
