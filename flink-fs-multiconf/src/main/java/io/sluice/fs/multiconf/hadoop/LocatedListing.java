package io.sluice.fs.multiconf.hadoop;

import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.fs.hdfs.HadoopFileStatus;
import org.apache.flink.runtime.fs.hdfs.HadoopFileSystem;

import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * HDFS that tells the locations of blocks with each listing. Sources ask for them next, and would
 * call the NameNode for each file.
 */
final class LocatedListing extends HadoopFileSystem {

    private final BlockPool blockPool;

    LocatedListing(DistributedFileSystem hdfs) {
        super(hdfs);
        this.blockPool = new BlockPool(hdfs);
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
}
