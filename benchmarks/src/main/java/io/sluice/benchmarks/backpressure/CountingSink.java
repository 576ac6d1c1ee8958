package io.sluice.benchmarks.backpressure;

import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The slowest step of the job, which holds back all others. Counts in {@link SharedCounters}, a
 * counter for each subtask; the first of them follows the {@link TrackingSwitch}.
 */
final class CountingSink implements Sink<byte[]> {

    private static final long serialVersionUID = 1L;

    /** A power of two; far fewer than a buffer holds. */
    private static final int TOLD_EVERY = 64;

    /** How many times the bytes of a record are gone through: enough to be the slowest step. */
    private static final int PASSES = 10;

    private final String counts;
    private final String trackingSwitch;

    CountingSink(String counts, String trackingSwitch) {
        this.counts = counts;
        this.trackingSwitch = trackingSwitch;
    }

    @Override
    public SinkWriter<byte[]> createWriter(WriterInitContext context) throws IOException {
        TaskInfo task = context.getTaskInfo();
        return new Writer(
                SharedCounters.in(Path.of(counts), task.getNumberOfParallelSubtasks()),
                task.getIndexOfThisSubtask(),
                TrackingSwitch.in(Path.of(trackingSwitch)));
    }

    private static final class Writer implements SinkWriter<byte[]> {

        private final SharedCounters counts;
        private final int counter;
        private final TrackingSwitch trackingSwitch;

        private long records;

        /** Its use is that it is not known what its value is for. */
        private int digest;

        Writer(SharedCounters counts, int counter, TrackingSwitch trackingSwitch) {
            this.counts = counts;
            this.counter = counter;
            this.trackingSwitch = trackingSwitch;
        }

        @Override
        public void write(byte[] record, Context where) {
            int sum = digest;
            for (int pass = 0; pass < PASSES; pass++) {
                for (byte part : record) {
                    sum = 31 * sum + part;
                }
            }
            digest = sum;
            if ((++records & (TOLD_EVERY - 1)) == 0) {
                counts.set(counter, records);
                if (counter == 0) {
                    trackingSwitch.follow();
                }
            }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
