package io.sluice.examples.backpressure;

import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.java.tuple.Tuple2;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Takes the same time for each order, and returns its text. */
final class SlowEnrichment implements MapFunction<Tuple2<Long, String>, String> {

    private static final long serialVersionUID = 1L;

    private final long nanosPerRecord;
    private final boolean waiting;

    /**
     * A step.
     *
     * @param waiting whether it sleeps; if not, it keeps a processor busy
     */
    SlowEnrichment(Duration timePerRecord, boolean waiting) {
        this.nanosPerRecord = timePerRecord.toNanos();
        this.waiting = waiting;
    }

    @Override
    public String map(Tuple2<Long, String> order) throws InterruptedException {
        if (waiting) {
            TimeUnit.NANOSECONDS.sleep(nanosPerRecord);
        } else {
            long startNanos = System.nanoTime();
            while (System.nanoTime() - startNanos < nanosPerRecord) {
                Thread.onSpinWait();
            }
        }
        return order.f1;
    }
}
