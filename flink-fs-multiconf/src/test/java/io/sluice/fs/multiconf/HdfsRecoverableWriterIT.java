package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.AbstractRecoverableWriterTest;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

import org.junit.jupiter.api.BeforeAll;

/** Flink's published suite for recoverable writers, through a binding to HDFS. */
class HdfsRecoverableWriterIT extends AbstractRecoverableWriterTest {

    private static final Path BASE = new Path("aaHDFS://ns1/recoverable");

    @BeforeAll
    static void bind() {
        HdfsClusters.bind("aaHDFS");
    }

    @Override
    public Path getBasePath() {
        return BASE;
    }

    @Override
    public FileSystem initializeFileSystem() throws Exception {
        return BASE.getFileSystem();
    }
}
