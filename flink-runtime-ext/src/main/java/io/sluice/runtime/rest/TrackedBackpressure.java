package io.sluice.runtime.rest;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.handler.RestHandlerException.LoggingBehavior;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import io.sluice.runtime.RuntimeOptions;

/**
 * Whether backpressure is tracked in this cluster.
 *
 * @param periodMillis how often TaskManagers report
 */
record TrackedBackpressure(boolean isTracked, long periodMillis) {

    static TrackedBackpressure in(Configuration configuration) {
        return new TrackedBackpressure(
                configuration.get(RuntimeOptions.BACKPRESSURE_ENABLED),
                configuration.get(RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL).toMillis());
    }

    void require() throws RestHandlerException {
        if (!isTracked) {
            throw new RestHandlerException(
                    "Backpressure is not tracked in this cluster. Set '%s' to true for JobManager and TaskManagers, and restart them."
                            .formatted(RuntimeOptions.BACKPRESSURE_ENABLED.key()),
                    HttpResponseStatus.CONFLICT,
                    LoggingBehavior.IGNORE);
        }
    }
}
