package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemBehaviorTestSuite;
import org.apache.flink.core.fs.FileSystemKind;
import org.apache.flink.core.fs.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Flink's published suite for file systems, through a binding to local files. */
class LocalBehaviorIT extends FileSystemBehaviorTestSuite {

    @TempDir java.nio.file.Path directory;

    @BeforeAll
    static void bind() {
        Configuration configuration = new Configuration();
        configuration.setString("fs.multiconf.disk.scheme", "file");
        FileSystem.initialize(configuration, null);
    }

    @Override
    protected FileSystem getFileSystem() throws Exception {
        return getBasePath().getFileSystem();
    }

    @Override
    protected Path getBasePath() {
        return new Path("disk://" + directory);
    }

    @Override
    protected FileSystemKind getFileSystemKind() {
        return FileSystemKind.FILE_SYSTEM;
    }
}
