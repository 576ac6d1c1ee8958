package io.sluice.benchmarks.survival;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;

/** What became of one run. */
sealed interface Outcome {

    /** For people: the end of "run 3 of rocksdb ...". */
    String describe();

    void addTo(ObjectNode json);

    /**
     * Its TaskManager was out of memory.
     *
     * @param after the job's start
     * @param records that the ledger had taken, as far as was seen
     * @param evidence the line that the JVM printed
     */
    record Died(Duration after, long records, String evidence) implements Outcome {

        @Override
        public String describe() {
            return "died after %.1f s and %d records: %s"
                    .formatted(seconds(after), records, evidence);
        }

        @Override
        public void addTo(ObjectNode json) {
            json.put("end", "died")
                    .put("seconds", seconds(after))
                    .put("records", records)
                    .put("evidence", evidence);
        }
    }

    /**
     * The job came to its end.
     *
     * @param exact whether the result is
     * @param comparison of the result with a plain computation
     * @param onHeap what the first records took, whose state fits the heap
     * @param whole what all took, and the reading of all state at the end
     * @param records that the ledger took
     * @param memoryMebibytes that the process had in use at its peak
     */
    record Finished(
            boolean exact,
            String comparison,
            Duration onHeap,
            Duration whole,
            long records,
            long memoryMebibytes)
            implements Outcome {

        @Override
        public String describe() {
            return "finished in %.1f s, the state that fits the heap in %.1f s; %d records; %d MiB of memory; %s"
                    .formatted(
                            seconds(whole),
                            seconds(onHeap),
                            records,
                            memoryMebibytes,
                            exact ? "exact" : "NOT exact: " + comparison);
        }

        @Override
        public void addTo(ObjectNode json) {
            json.put("end", "finished")
                    .put("seconds", seconds(whole))
                    .put("secondsOnHeap", seconds(onHeap))
                    .put("records", records)
                    .put("memoryMebibytes", memoryMebibytes)
                    .put("exact", exact)
                    .put("comparison", comparison);
        }
    }

    /** Anything else. */
    record Failed(String reason) implements Outcome {

        @Override
        public String describe() {
            return "failed: " + reason;
        }

        @Override
        public void addTo(ObjectNode json) {
            json.put("end", "failed").put("reason", reason);
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
