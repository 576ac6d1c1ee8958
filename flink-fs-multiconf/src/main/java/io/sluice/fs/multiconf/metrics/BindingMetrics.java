package io.sluice.fs.multiconf.metrics;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What one binding of this process has done, by all its file systems.
 *
 * <p>Below {@code fs.binding.NAME}: {@code numBytesRead}, {@code numBytesWritten}, {@code
 * numErrors}; and for each {@link Operation} below {@code operation.NAME}: {@code numCalls}, {@code
 * numErrors} and {@code latencyMicros}, a histogram of the last {@value #WINDOW} calls in
 * microseconds, with the wait for a connection. An absent file is an answer, no error.
 *
 * <p><b>Threads.</b> Any.
 */
public final class BindingMetrics {

    static final int WINDOW = 1_000;

    private final String binding;
    private final Counter bytesRead = new ThreadSafeSimpleCounter();
    private final Counter bytesWritten = new ThreadSafeSimpleCounter();
    private final Counter errors = new ThreadSafeSimpleCounter();
    private final Map<Operation, OfOperation> operations;

    private record OfOperation(Counter calls, Counter errors, Histogram latency) {}

    BindingMetrics(String binding) {
        this.binding = binding;
        Map<Operation, OfOperation> made = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            made.put(
                    operation,
                    new OfOperation(
                            new ThreadSafeSimpleCounter(),
                            new ThreadSafeSimpleCounter(),
                            new DescriptiveStatisticsHistogram(WINDOW)));
        }
        this.operations = Collections.unmodifiableMap(made);
    }

    /** What is measured. */
    @FunctionalInterface
    public interface Measured<T> {
        T call() throws IOException;
    }

    /** Runs and counts it. */
    <T> T measure(Operation operation, Measured<T> action) throws IOException {
        OfOperation of = Objects.requireNonNull(operations.get(operation));
        long begin = System.nanoTime();
        boolean failed = true;
        try {
            T result = action.call();
            failed = false;
            return result;
        } catch (FileNotFoundException e) {
            failed = false;
            throw e;
        } finally {
            of.calls().inc();
            of.latency().update(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
            if (failed) {
                of.errors().inc();
                errors.inc();
            }
        }
    }

    void read(long bytes) {
        bytesRead.inc(bytes);
    }

    void written(long bytes) {
        bytesWritten.inc(bytes);
    }

    /** A stream has failed. */
    void failed() {
        errors.inc();
    }

    void register(MetricGroup process) {
        MetricGroup own = process.addGroup("fs").addGroup("binding", binding);
        own.counter("numBytesRead", bytesRead);
        own.counter("numBytesWritten", bytesWritten);
        own.counter("numErrors", errors);
        operations.forEach(
                (operation, of) -> {
                    MetricGroup group = own.addGroup("operation", operation.label());
                    group.counter("numCalls", of.calls());
                    group.counter("numErrors", of.errors());
                    group.histogram("latencyMicros", of.latency());
                });
    }
}
