package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.fs.hdfs.AbstractHadoopFileSystemITTest;

import org.junit.jupiter.api.BeforeAll;

/** Flink's published suite for file systems of Hadoop, through a binding to HDFS. */
class HadoopFileSystemIT extends AbstractHadoopFileSystemITTest {

    @BeforeAll
    static void bind() throws Exception {
        HdfsClusters.bind("aaHDFS");
        basePath = new Path("aaHDFS://ns1/hadoop-suite");
        fs = basePath.getFileSystem();
        consistencyToleranceNS = 0;
    }
}
