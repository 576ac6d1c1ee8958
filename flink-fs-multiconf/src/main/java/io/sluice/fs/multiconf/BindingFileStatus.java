package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.LocatedFileStatus;
import org.apache.flink.core.fs.Path;

import io.sluice.fs.multiconf.routing.PathMapping;
import org.jspecify.annotations.Nullable;

/** A status with the path that users know; all else is as it is behind the binding. */
class BindingFileStatus implements FileStatus {

    private final FileStatus real;
    private final PathMapping.View view;

    /** Made when it is needed first; any thread may, and all make the same. */
    private volatile @Nullable Path path;

    private BindingFileStatus(FileStatus real, PathMapping.View view) {
        this.real = real;
        this.view = view;
    }

    static BindingFileStatus of(FileStatus real, PathMapping.View view) {
        return real instanceof LocatedFileStatus located
                ? new Located(located, view)
                : new BindingFileStatus(real, view);
    }

    FileStatus real() {
        return real;
    }

    @Override
    public Path getPath() {
        Path present = path;
        if (present == null) {
            present = view.toBinding(real.getPath());
            path = present;
        }
        return present;
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
        return "%s (%s, %d bytes)".formatted(getPath(), isDir() ? "directory" : "file", getLen());
    }

    /** One that knows where its blocks are. */
    private static final class Located extends BindingFileStatus implements LocatedFileStatus {

        private final LocatedFileStatus real;

        Located(LocatedFileStatus real, PathMapping.View view) {
            super(real, view);
            this.real = real;
        }

        @Override
        public BlockLocation[] getBlockLocations() {
            return real.getBlockLocations();
        }
    }
}
