package io.sluice.fs.multiconf.hadoop;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the blocks of the files of a listing are. Whoever asks for one file only is better served
 * by a call for that file; whoever asks for a second one will ask for all, and they come at once. A
 * listing that brought them from the start would take NameNodes four times as long.
 *
 * <p><b>Threads.</b> Any; one asks the NameNode, the others wait for its answer.
 */
final class DirectoryLocations {

    private final FileSystem hdfs;
    private final Path directory;

    /** Guarded by this. */
    private boolean asked;

    /** By path, null until they are needed; guarded by this. */
    private @Nullable Map<Path, LocatedFileStatus> all;

    DirectoryLocations(FileSystem hdfs, Path directory) {
        this.hdfs = hdfs;
        this.directory = directory;
    }

    /** Returns null if the file is to be asked for alone: the first one, and what has changed. */
    synchronized @Nullable LocatedFileStatus of(FileStatus file) throws IOException {
        if (!asked) {
            asked = true;
            return null;
        }
        Map<Path, LocatedFileStatus> known = all;
        if (known == null) {
            known = listed();
            all = known;
        }
        LocatedFileStatus found = known.get(file.getPath());
        return found != null
                        && found.getLen() == file.getLen()
                        && found.getModificationTime() == file.getModificationTime()
                ? found
                : null;
    }

    private Map<Path, LocatedFileStatus> listed() throws IOException {
        Map<Path, LocatedFileStatus> found = new HashMap<>();
        RemoteIterator<LocatedFileStatus> entries = hdfs.listLocatedStatus(directory);
        while (entries.hasNext()) {
            LocatedFileStatus entry = entries.next();
            found.put(entry.getPath(), entry);
        }
        return found;
    }
}
