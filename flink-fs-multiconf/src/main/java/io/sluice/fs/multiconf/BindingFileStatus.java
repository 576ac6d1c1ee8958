package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.LocatedFileStatus;
import org.apache.flink.core.fs.Path;

/** A status with the path that users know; all else is as it is behind the binding. */
class BindingFileStatus implements FileStatus {

    private final FileStatus real;
    private final Path path;

    private BindingFileStatus(FileStatus real, Path path) {
        this.real = real;
        this.path = path;
    }

    static BindingFileStatus of(FileStatus real, Path path) {
        return real instanceof LocatedFileStatus located
                ? new Located(located, path)
                : new BindingFileStatus(real, path);
    }

    FileStatus real() {
        return real;
    }

    @Override
    public Path getPath() {
        return path;
    }

    @Override
    public long getLen() {
        return real.getLen();
    }

    @Override
    public long getBlockSize() {
        return real.getBlockSize();
    }

    @Override
    public short getReplication() {
        return real.getReplication();
    }

    @Override
    public long getModificationTime() {
        return real.getModificationTime();
    }

    @Override
    public long getAccessTime() {
        return real.getAccessTime();
    }

    @Override
    public boolean isDir() {
        return real.isDir();
    }

    @Override
    public String toString() {
        return "%s (%s, %d bytes)".formatted(path, isDir() ? "directory" : "file", getLen());
    }

    /** One that knows where its blocks are. */
    private static final class Located extends BindingFileStatus implements LocatedFileStatus {

        private final LocatedFileStatus real;

        Located(LocatedFileStatus real, Path path) {
            super(real, path);
            this.real = real;
        }

        @Override
        public BlockLocation[] getBlockLocations() {
            return real.getBlockLocations();
        }
    }
}
