package io.sluice.systemtests.faults;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A disk that is full or broken at a word, for files of one pattern: {@code src/test/native}, a
 * library that processes load with {@code LD_PRELOAD}. Compiled with gcc, into the sandbox.
 */
final class DiskFault {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Path library;
    private final Path trigger;
    private final Path struck;
    private final String pattern;

    private DiskFault(Sandbox sandbox, String pattern) {
        Path directory = sandbox.directory("disk-fault");
        this.library = directory.resolve("disk_fault.so");
        this.trigger = directory.resolve("trigger");
        this.struck = directory.resolve("struck");
        this.pattern = pattern;
    }

    /**
     * Compiles the library, for files whose path matches {@code pattern}; {@code *} matches all.
     */
    static DiskFault compile(Sandbox sandbox, Path source, String pattern)
            throws InterruptedException {
        DiskFault fault = new DiskFault(sandbox, pattern);
        Command.of(
                        sandbox,
                        Path.of("gcc"),
                        "-shared",
                        "-fPIC",
                        "-O2",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-o",
                        fault.library.toString(),
                        source.toString())
                .run(DEADLINE)
                .requireSuccess();
        return fault;
    }

    /** Returns the environment of the processes that are to have this disk. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "DISK_FAULT_TRIGGER", trigger.toString(),
                "DISK_FAULT_FILES", pattern,
                "DISK_FAULT_LOG", struck.toString());
    }

    /** From now on, calls fail with {@code error}: ENOSPC or EIO. */
    void start(String error) {
        try {
            Files.deleteIfExists(struck);
            Files.writeString(trigger, error);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot trigger the disk fault.", e);
        }
    }

    /** The disk is well again. */
    void end() {
        try {
            Files.deleteIfExists(trigger);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot end the disk fault.", e);
        }
    }

    /** Returns the calls that failed since {@link #start}. */
    List<String> struck() {
        try {
            return Files.exists(struck) ? Files.readAllLines(struck) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read which calls failed.", e);
        }
    }
}
