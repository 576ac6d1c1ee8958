package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.fs.hdfs.AbstractHadoopFileSystemITTest;

import org.junit.jupiter.api.BeforeAll;

/** Flink's published suite for file systems of Hadoop, through a binding to S3. */
class S3FileSystemIT extends AbstractHadoopFileSystemITTest {

    @BeforeAll
    static void bind() throws Exception {
        S3Accounts.bind("s3a1");
        basePath = new Path("s3a1://same/hadoop-suite");
        fs = basePath.getFileSystem();
        consistencyToleranceNS = 0;
    }
}
