package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.local.LocalFileSystem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Files of this machine. */
final class LocalBackend implements Backend {

    @Override
    public FileSystem open(@Nullable String authority) {
        return new LocalFileSystem();
    }

    @Override
    public <T> T run(Action<T> action) throws IOException {
        return action.run();
    }

    @Override
    public @Nullable String storeId(FileSystem fileSystem, Object recoverable) {
        return null;
    }
}
