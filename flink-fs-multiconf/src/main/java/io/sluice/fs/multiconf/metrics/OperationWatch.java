package io.sluice.fs.multiconf.metrics;

import io.sluice.fs.multiconf.metrics.BindingMetrics.Measured;

import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * Counts what is done through a binding, and tells users of its failures in its terms.
 *
 * @param metrics of the binding
 * @param explanation returns a failure as users are told of it
 */
public record OperationWatch(BindingMetrics metrics, UnaryOperator<IOException> explanation) {

    /** Runs and counts it. */
    public <T> T of(Operation operation, Measured<T> action) throws IOException {
        try {
            return metrics.measure(operation, action);
        } catch (IOException e) {
            throw explanation.apply(e);
        }
    }

    /** What returns nothing. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    void ofAction(Operation operation, Action action) throws IOException {
        of(
                operation,
                () -> {
                    action.run();
                    return true;
                });
    }

    /** A stream has failed. */
    IOException failed(IOException failure) {
        metrics.failed();
        return explanation.apply(failure);
    }
}
