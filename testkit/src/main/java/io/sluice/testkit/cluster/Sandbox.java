package io.sluice.testkit.cluster;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One temporary directory that owns everything a cluster writes. Closing it deletes the directory:
 * stop the processes first, or {@link #killProcesses kill} what scripts left running.
 */
public final class Sandbox implements AutoCloseable {

    private static final Duration KILL_DEADLINE = Duration.ofSeconds(20);
    private static final Await POLLING = Await.every(Duration.ofMillis(50));

    /** A file that appears while its directory is deleted makes one more pass necessary. */
    private static final int DELETE_PASSES = 5;

    private final Path root;

    private Sandbox(Path root) {
        this.root = root;
    }

    /** Creates a sandbox below the temporary directory of this JVM. */
    public static Sandbox create() {
        return create(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    /** Creates a sandbox below {@code parent}, which is created if it is missing. */
    public static Sandbox create(Path parent) {
        try {
            Files.createDirectories(parent);
            return new Sandbox(Files.createTempDirectory(parent.toRealPath(), "sluice-"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create a sandbox below " + parent + ".", e);
        }
    }

    public Path root() {
        return root;
    }

    public Path conf() {
        return directory("conf");
    }

    public Path log() {
        return directory("log");
    }

    public Path pid() {
        return directory("pid");
    }

    public Path tmp() {
        return directory("tmp");
    }

    public Path checkpoints() {
        return directory("checkpoints");
    }

    public Path savepoints() {
        return directory("savepoints");
    }

    /** Returns the directory of that name, created if it is missing. */
    public Path directory(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create '%s' in %s.".formatted(name, root), e);
        }
    }

    /**
     * Creates {@code log/<name>.<suffix>}, or {@code <name>-2.<suffix>} and so on if it is taken.
     */
    Path newLogFile(String name, String suffix) {
        for (int attempt = 1; ; attempt++) {
            String unique = attempt == 1 ? name : name + "-" + attempt;
            try {
                return Files.createFile(log().resolve(unique + "." + suffix));
            } catch (FileAlreadyExistsException taken) {
                // The next number is free at some point.
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "Cannot create the log file '%s' in %s.".formatted(unique, root), e);
            }
        }
    }

    /**
     * Returns what runs in this sandbox, whoever started it: the processes with a variable that
     * names its directory. Every {@link Installation#command} has some.
     */
    public List<LinuxProcess> processes() {
        return LinuxProcess.withEnvironment(root.toString());
    }

    /**
     * Sends SIGKILL to all {@link #processes()}; returns when they are gone. A process that is just
     * becoming another program shows no variables for a moment, so one look is not enough.
     */
    public void killProcesses() throws InterruptedException {
        AtomicInteger looksInVain = new AtomicInteger();
        POLLING.until(
                "the end of the processes in " + root,
                KILL_DEADLINE,
                () -> {
                    List<LinuxProcess> running = processes();
                    running.forEach(LinuxProcess::kill);
                    looksInVain.set(running.isEmpty() ? looksInVain.get() + 1 : 0);
                    return running;
                },
                running -> looksInVain.get() == 2);
    }

    /** Deletes the directory and all in it. Idempotent. */
    @Override
    public void close() {
        IOException failure = null;
        for (int pass = 0; pass < DELETE_PASSES && Files.exists(root); pass++) {
            try {
                Files.walkFileTree(root, new Deletion());
            } catch (IOException e) {
                failure = e;
            }
        }
        if (Files.exists(root)) {
            throw new UncheckedIOException(
                    "Cannot delete the sandbox %s in %d passes. A process that still runs may write to it; delete it by hand."
                            .formatted(root, DELETE_PASSES),
                    failure == null ? new DirectoryNotEmptyException(root.toString()) : failure);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }

    /** Deletes bottom-up, follows no link, and does not mind files that are gone already. */
    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            directory.toFile().setWritable(true);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
