package io.sluice.benchmarks.migration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What happened to records for a while: the task thread adds, until another thread ends it and
 * reads. No record is added after the end, and the one that ends it sees all that were.
 */
final class Window {

    /** How long after its scheduled time a record was processed. */
    private final TimeHistogram lateness = new TimeHistogram();

    /** From the end of a record to the end of the next. */
    private final TimeHistogram gaps = new TimeHistogram();

    private final long startNanos = System.nanoTime();
    private long endNanos;
    private boolean ended;

    synchronized void add(long latenessNanos, long gapNanos) {
        if (!ended) {
            lateness.add(latenessNanos);
            gaps.add(gapNanos);
        }
    }

    synchronized void end() {
        endNanos = System.nanoTime();
        ended = true;
    }

    synchronized double seconds() {
        return (endNanos - startNanos) / 1e9;
    }

    synchronized double recordsASecond() {
        return lateness.count() / seconds();
    }

    synchronized void addTo(ObjectNode json) {
        json.put("seconds", seconds()).put("recordsPerSecond", recordsASecond());
        addTo(json.putObject("latenessMillis"), lateness);
        addTo(json.putObject("gapMillis"), gaps);
    }

    private static void addTo(ObjectNode json, TimeHistogram times) {
        json.put("median", times.quantileMillis(0.5))
                .put("p99", times.quantileMillis(0.99))
                .put("p999", times.quantileMillis(0.999))
                .put("max", times.maxMillis());
    }
}
