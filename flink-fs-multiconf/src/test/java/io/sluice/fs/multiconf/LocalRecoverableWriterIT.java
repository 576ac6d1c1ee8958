package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.AbstractRecoverableWriterTest;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Flink's published suite for recoverable writers, through a binding to local files. */
class LocalRecoverableWriterIT extends AbstractRecoverableWriterTest {

    @TempDir static java.nio.file.Path directory;

    @BeforeAll
    static void bind() {
        Configuration configuration = new Configuration();
        configuration.setString("fs.multiconf.disk.scheme", "file");
        FileSystem.initialize(configuration, null);
    }

    @Override
    public Path getBasePath() {
        return new Path("disk://" + directory);
    }

    @Override
    public FileSystem initializeFileSystem() throws Exception {
        return getBasePath().getFileSystem();
    }
}
