package io.sluice.benchmarks.backpressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How often the task threads of a process have waited, as Linux counts it below {@code /proc}: each
 * wait is about one start and one end of a timer of its task.
 */
final class TaskWaits {

    private static final Pattern NAME = Pattern.compile("^Name:\t(.*)$", Pattern.MULTILINE);
    private static final Pattern WAITS =
            Pattern.compile("^voluntary_ctxt_switches:\t(\\d+)$", Pattern.MULTILINE);

    private TaskWaits() {}

    /**
     * Returns the waits so far of the threads of {@code pid} whose names begin with one of {@code
     * threads}.
     */
    static long of(long pid, List<String> threads) throws IOException {
        long waits = 0;
        try (Stream<Path> found = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : found.toList()) {
                waits += parse(read(thread.resolve("status")), threads);
            }
        }
        return waits;
    }

    /** Returns the waits in a {@code status} file; 0 if it is of a thread with another name. */
    static long parse(String status, List<String> threads) {
        Matcher name = NAME.matcher(status);
        Matcher waits = WAITS.matcher(status);
        return name.find() && threads.stream().anyMatch(name.group(1)::startsWith) && waits.find()
                ? Long.parseLong(waits.group(1))
                : 0;
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            // The thread has ended.
            return "";
        }
    }
}
