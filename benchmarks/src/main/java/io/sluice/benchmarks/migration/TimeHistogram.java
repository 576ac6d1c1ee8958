package io.sluice.benchmarks.migration;

/**
 * Times, each counted in a bucket that is at most 1/32 wide: one thread adds, others read when it
 * no longer does.
 */
final class TimeHistogram {

    private static final int BITS = 5;
    private static final int BUCKETS_A_POWER = 1 << BITS;

    private final long[] counts = new long[(Long.SIZE - BITS) * BUCKETS_A_POWER];
    private long count;
    private long maxNanos;

    /** Times below zero count as zero. */
    void add(long nanos) {
        long time = Math.max(0, nanos);
        counts[bucket(time)]++;
        count++;
        maxNanos = Math.max(maxNanos, time);
    }

    long count() {
        return count;
    }

    double maxMillis() {
        return maxNanos / 1e6;
    }

    /** Returns the upper end of the bucket that holds the quantile, at most the maximum. */
    double quantileMillis(double quantile) {
        long rank = (long) Math.ceil(quantile * count);
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return Math.min(upperEnd(bucket), maxNanos) / 1e6;
            }
        }
        return maxMillis();
    }

    void addAll(TimeHistogram other) {
        for (int bucket = 0; bucket < counts.length; bucket++) {
            counts[bucket] += other.counts[bucket];
        }
        count += other.count;
        maxNanos = Math.max(maxNanos, other.maxNanos);
    }

    private static int bucket(long nanos) {
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos | 1);
        if (power < BITS) {
            return (int) nanos;
        }
        int shift = power - BITS;
        return (shift + 1) * BUCKETS_A_POWER + (int) ((nanos >>> shift) & (BUCKETS_A_POWER - 1));
    }

    private static long upperEnd(int bucket) {
        int shift = bucket / BUCKETS_A_POWER - 1;
        if (shift < 0) {
            return bucket;
        }
        long lowerEnd = (BUCKETS_A_POWER + (long) (bucket % BUCKETS_A_POWER)) << shift;
        return lowerEnd + (1L << shift) - 1;
    }
}
