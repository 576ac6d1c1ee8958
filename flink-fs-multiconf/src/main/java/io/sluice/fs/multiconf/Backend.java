package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.FileSystem;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * What is behind a binding: makes its file systems, one for each authority.
 *
 * <p><b>Threads.</b> Any; {@link #open} may take long, and is called by a thread of its own.
 */
public interface Backend {

    /**
     * Logs in if need be, and makes a client.
     *
     * @param authority null if the scheme has none
     */
    FileSystem open(@Nullable String authority) throws IOException;

    /**
     * Runs something with what is made here: as the user of the binding, and with the class loader
     * of the backend as that of the thread.
     */
    <T> T run(Action<T> action) throws IOException;

    /** What is run. */
    interface Action<T> {
        T run() throws IOException;
    }

    /**
     * Tells the store that a file is in from another one that goes by the same name.
     *
     * @param fileSystem made here
     * @param recoverable of a file there: made here, or said to be
     * @return an id that a store keeps for as long as it has its data, or null if it cannot be told
     */
    @Nullable String storeId(FileSystem fileSystem, Object recoverable) throws IOException;
}
