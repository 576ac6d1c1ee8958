package io.sluice.benchmarks.fs;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

import java.io.IOException;
import java.util.SplittableRandom;

/** What is done with the files of one directory, and prepared for it. */
enum FileWork {
    /** A file from its beginning to its end. */
    READ {
        @Override
        void prepare(Path directory) throws IOException {
            write(new Path(directory, "large"), LARGE_FILE_BYTES);
        }

        @Override
        void once(Path directory) throws IOException {
            Path file = new Path(directory, "large");
            try (FSDataInputStream in = file.getFileSystem().open(file)) {
                byte[] buffer = new byte[BUFFER_BYTES];
                long bytes = 0;
                int read;
                while ((read = in.read(buffer, 0, buffer.length)) >= 0) {
                    bytes += read;
                }
                require("bytes", LARGE_FILE_BYTES, bytes);
            }
        }
    },

    /** A file in the place of another, closed. */
    WRITE {
        @Override
        void prepare(Path directory) throws IOException {
            once(directory);
        }

        @Override
        void once(Path directory) throws IOException {
            write(new Path(directory, "written"), LARGE_FILE_BYTES);
        }
    },

    /** A directory of 500 files, without where their blocks are. */
    LIST {
        @Override
        void prepare(Path directory) throws IOException {
            for (int file = 0; file < FILES; file++) {
                write(new Path(directory, "part-" + file), 1);
            }
        }

        @Override
        void once(Path directory) throws IOException {
            require("files", FILES, directory.getFileSystem().listStatus(directory).length);
        }
    };

    static final int FILES = 500;
    static final int LARGE_FILE_BYTES = 8 << 20;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final byte[] CONTENT = new byte[BUFFER_BYTES];

    static {
        new SplittableRandom(20_260_101).nextBytes(CONTENT);
    }

    /** Makes what is there before it is done the first time. */
    abstract void prepare(Path directory) throws IOException;

    abstract void once(Path directory) throws IOException;

    /** What Flink's file source does first: lists, and asks for the blocks of each file. */
    static void listWithLocations(Path directory) throws IOException {
        FileSystem files = directory.getFileSystem();
        for (FileStatus file : files.listStatus(directory)) {
            require("places", 1, files.getFileBlockLocations(file, 0, file.getLen()).length);
        }
    }

    private static void write(Path file, int bytes) throws IOException {
        try (FSDataOutputStream out = file.getFileSystem().create(file, WriteMode.OVERWRITE)) {
            for (int left = bytes; left > 0; left -= BUFFER_BYTES) {
                out.write(CONTENT, 0, Math.min(left, BUFFER_BYTES));
            }
        }
    }

    private static void require(String what, long expected, long found) throws IOException {
        if (found != expected) {
            throw new IOException("Found %d %s, not %d.".formatted(found, what, expected));
        }
    }
}
