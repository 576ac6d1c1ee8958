package io.sluice.benchmarks.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory for RocksDB.
 *
 * @param label of its file system, for names
 */
record Place(Path directory, String label) {

    static Place of(Path directory) {
        try {
            Path existing = Files.createDirectories(directory).toAbsolutePath();
            String type = Files.getFileStore(existing).type();
            return new Place(existing, type.equals("tmpfs") ? type : "disk");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot use the directory " + directory + ".", e);
        }
    }
}
