package io.sluice.benchmarks.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * CPU time of a process and of all its children that have ended, from {@code /proc}.
 *
 * <p>A start script that becomes the JVM keeps its process id and with it what its helpers used, so
 * this is the CPU time of the whole start.
 */
final class CpuTime {

    /** Linux counts in hundredths of a second towards programs, whatever its own clock. */
    private static final Duration TICK = Duration.ofMillis(10);

    /** Of user, system, children's user and children's system time, behind the name. */
    private static final int FIRST_FIELD = 11;

    private static final int FIELDS = 4;

    private CpuTime() {}

    static Duration of(long pid) throws IOException {
        return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** Reads a line of {@code /proc/<pid>/stat}. */
    static Duration parse(String stat) {
        // The name stands in parentheses and may hold some itself, and spaces.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = FIRST_FIELD; i < FIRST_FIELD + FIELDS; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return TICK.multipliedBy(ticks);
    }
}
