package io.sluice.runtime.cli;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Tries a file system with one small file: writes it, reads it, lists it and deletes it. */
final class FileSystemProbe {

    private static final byte[] CONTENT = "A probe of 'flink fs check'.".getBytes(UTF_8);

    private final LongSupplier nanoClock;

    private final Map<Step, Duration> times = new EnumMap<>(Step.class);

    /** What is tried, in this order. */
    enum Step {
        WRITE,
        READ,
        LIST,
        DELETE
    }

    /**
     * What came out.
     *
     * @param times of the steps that worked
     * @param problem empty if all did
     */
    record Outcome(Map<Step, Duration> times, String problem) {

        boolean isGood() {
            return problem.isEmpty();
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    FileSystemProbe(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /**
     * Tries the file system of a directory.
     *
     * @param directory created if it is missing, and left there
     */
    Outcome of(Path directory) {
        Path file = new Path(directory, ".sluice-check-" + UUID.randomUUID());
        try {
            FileSystem files = directory.getFileSystem();
            run(Step.WRITE, () -> write(files, file));
            boolean isDeleted = false;
            try {
                run(Step.READ, () -> read(files, file));
                run(Step.LIST, () -> list(files, directory, file));
                run(Step.DELETE, () -> delete(files, file));
                isDeleted = true;
            } finally {
                if (!isDeleted) {
                    deleteQuietly(files, file);
                }
            }
            return new Outcome(times, "");
        } catch (IOException | RuntimeException | LinkageError e) {
            return new Outcome(times, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void run(Step step, Action action) throws IOException {
        long start = nanoClock.getAsLong();
        action.run();
        times.put(step, Duration.ofNanos(nanoClock.getAsLong() - start));
    }

    private static void write(FileSystem files, Path file) throws IOException {
        try (FSDataOutputStream out = files.create(file, WriteMode.NO_OVERWRITE)) {
            out.write(CONTENT);
        }
    }

    private static void read(FileSystem files, Path file) throws IOException {
        try (FSDataInputStream in = files.open(file)) {
            if (!Arrays.equals(in.readAllBytes(), CONTENT)) {
                throw new IOException("%s holds something else than was written.".formatted(file));
            }
        }
    }

    private static void list(FileSystem files, Path directory, Path file) throws IOException {
        FileStatus[] found = files.listStatus(directory);
        if (found == null
                || Arrays.stream(found).noneMatch(status -> status.getPath().equals(file))) {
            throw new IOException("%s is not listed in %s.".formatted(file.getName(), directory));
        }
    }

    private static void delete(FileSystem files, Path file) throws IOException {
        if (!files.delete(file, false) || files.exists(file)) {
            throw new IOException("%s cannot be deleted.".formatted(file));
        }
    }

    private static void deleteQuietly(FileSystem files, Path file) {
        try {
            files.delete(file, false);
        } catch (IOException | RuntimeException e) {
            // What did not work is reported already.
        }
    }
}
