package io.sluice.benchmarks.migration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What happened to records for a while. The task thread adds; others read after it was given
 * another one.
 */
final class Window {

    /** How long after its scheduled time a record was processed. */
    final TimeHistogram lateness = new TimeHistogram();

    /** From the end of a record to the end of the next. */
    final TimeHistogram gaps = new TimeHistogram();

    private final long startNanos = System.nanoTime();
    private long endNanos;

    void end() {
        endNanos = System.nanoTime();
    }

    double seconds() {
        return (endNanos - startNanos) / 1e9;
    }

    double recordsASecond() {
        return lateness.count() / seconds();
    }

    void addTo(ObjectNode json) {
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
