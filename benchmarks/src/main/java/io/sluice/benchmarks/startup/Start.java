package io.sluice.benchmarks.startup;

import java.time.Duration;

/**
 * One start, measured.
 *
 * @param wall from the start of the script until the process was ready
 * @param cpu of the process and its helpers until then
 */
record Start(Duration wall, Duration cpu, CommandLine commandLine) {

    double wallSeconds() {
        return wall.toNanos() / 1e9;
    }

    double cpuSeconds() {
        return cpu.toNanos() / 1e9;
    }
}
