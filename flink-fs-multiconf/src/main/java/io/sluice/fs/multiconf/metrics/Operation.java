package io.sluice.fs.multiconf.metrics;

import java.util.Locale;

/** What a file system is asked for, as metrics name it. Reads and writes are counted in bytes. */
public enum Operation {
    /** A file to read. */
    OPEN,
    /** A file to write, recoverable or not. */
    CREATE,
    /** The end of writing: the data is with the servers then. */
    CLOSE,
    /** Status, existence, home and working directory, size of blocks. */
    STATUS,
    LIST,
    LOCATIONS,
    MKDIRS,
    RENAME,
    DELETE,
    /** Of files, to or from local ones. */
    COPY,
    /** A recoverable writer is made. */
    WRITER,
    /** The state of a recoverable stream is made durable. */
    PERSIST,
    /** An unfinished file is written on. */
    RECOVER,
    /** An unfinished file is published. */
    COMMIT,
    /** An unfinished file that nobody needs is removed. */
    CLEANUP;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
