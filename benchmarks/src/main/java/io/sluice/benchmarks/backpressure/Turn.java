package io.sluice.benchmarks.backpressure;

/**
 * What one side did while the other stood still.
 *
 * @param nanos from the moment that it went on
 * @param records that its sinks took in that time
 * @param settledNanos the end of that time, without its beginning
 * @param settledRecords that its sinks took in that end
 * @param waits of its task threads
 */
record Turn(long nanos, long records, long settledNanos, long settledRecords, long waits) {

    Turn {
        if (nanos <= 0 || settledNanos <= 0) {
            throw new IllegalArgumentException(
                    "nanos=%d, settledNanos=%d: both must be above zero"
                            .formatted(nanos, settledNanos));
        }
        if (records <= 0 || settledRecords <= 0) {
            throw new IllegalStateException(
                    "In a turn of %d ms the job took %d records, %d of them after its beginning: it has failed, or hangs."
                            .formatted(nanos / 1_000_000, records, settledRecords));
        }
    }

    double recordsPerSecond() {
        return records * 1e9 / nanos;
    }

    double settledRecordsPerSecond() {
        return settledRecords * 1e9 / settledNanos;
    }

    double waitsPerSecond() {
        return waits * 1e9 / nanos;
    }
}
