package io.sluice.fs.multiconf.hadoop;

import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.fs.hdfs.HadoopFileStatus;
import org.apache.flink.runtime.fs.hdfs.HadoopFileSystem;
import org.apache.flink.runtime.fs.hdfs.LocatedHadoopFileStatus;

import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;

/**
 * HDFS with fewer calls of the NameNode: sources that ask where the blocks of each file of a
 * listing are get the answers from one call, and deletes of a checkpoint may be one.
 */
final class EconomicalHdfs extends HadoopFileSystem {

    private final BlockPool blockPool;
    private final @Nullable CoalescedDeletes deletes;

    /**
     * @param deletes null if each is to be done at once
     */
    EconomicalHdfs(DistributedFileSystem hdfs, @Nullable CoalescedDeletes deletes) {
        super(hdfs);
        this.blockPool = new BlockPool(hdfs);
        this.deletes = deletes;
    }

    BlockPool blockPool() {
        return blockPool;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        org.apache.hadoop.fs.Path directory = toHadoopPath(path);
        DirectoryLocations locations = new DirectoryLocations(getHadoopFileSystem(), directory);
        return Arrays.stream(getHadoopFileSystem().listStatus(directory))
                .map(status -> new Listed(status, locations))
                .toArray(FileStatus[]::new);
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
            throws IOException {
        if (file instanceof Listed listed && start == 0 && length == file.getLen()) {
            LocatedFileStatus located = listed.locations.of(listed.getInternalFileStatus());
            if (located != null) {
                return new LocatedHadoopFileStatus(located).getBlockLocations();
            }
        }
        return super.getFileBlockLocations(file, start, length);
    }

    /** A file or directory that a listing has found. */
    private static final class Listed extends HadoopFileStatus {

        private final DirectoryLocations locations;

        private Listed(org.apache.hadoop.fs.FileStatus status, DirectoryLocations locations) {
            super(status);
            this.locations = locations;
        }
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        return deletes == null
                ? super.delete(path, recursive)
                : deletes.delete(toHadoopPath(path), recursive);
    }
}
