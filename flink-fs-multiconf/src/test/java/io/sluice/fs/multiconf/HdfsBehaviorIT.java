package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemBehaviorTestSuite;
import org.apache.flink.core.fs.FileSystemKind;
import org.apache.flink.core.fs.Path;

import org.junit.jupiter.api.BeforeAll;

import java.util.UUID;

/** Flink's published suite for file systems, through a binding to HDFS. */
class HdfsBehaviorIT extends FileSystemBehaviorTestSuite {

    private final Path base = new Path("aaHDFS://ns1/behavior/" + UUID.randomUUID());

    @BeforeAll
    static void bind() {
        HdfsClusters.bind("aaHDFS");
    }

    @Override
    protected FileSystem getFileSystem() throws Exception {
        return base.getFileSystem();
    }

    @Override
    protected Path getBasePath() {
        return base;
    }

    @Override
    protected FileSystemKind getFileSystemKind() {
        return FileSystemKind.FILE_SYSTEM;
    }
}
