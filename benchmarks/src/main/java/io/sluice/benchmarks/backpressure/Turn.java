package io.sluice.benchmarks.backpressure;

/**
 * What the job did for a while, with tracking on or off.
 *
 * @param nanos how long
 * @param records that its sinks took in that time
 * @param waits of its task threads
 * @param cpuNanos that the JobManager and the TaskManager used in that time
 */
record Turn(long nanos, long records, long waits, long cpuNanos) {

    static final Turn NOTHING = new Turn(0, 0, 0, 0);

    Turn plus(Turn other) {
        return new Turn(
                nanos + other.nanos,
                records + other.records,
                waits + other.waits,
                cpuNanos + other.cpuNanos);
    }

    /**
     * Checks that there is something to compare.
     *
     * @throws IllegalStateException if the job did nothing
     */
    void requireWork() {
        if (records <= 0 || cpuNanos <= 0) {
            throw new IllegalStateException(
                    "In a turn of %d ms the job took %d records and %d ms of CPU time: it has failed, or hangs."
                            .formatted(nanos / 1_000_000, records, cpuNanos / 1_000_000));
        }
    }

    double recordsPerSecond() {
        return records * 1e9 / nanos;
    }

    double recordsPerCpuSecond() {
        return records * 1e9 / cpuNanos;
    }

    double waitsPerSecond() {
        return waits * 1e9 / nanos;
    }
}
