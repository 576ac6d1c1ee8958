package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.MessageQueryParameter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Which time is asked for, and how finely. */
public final class BackpressureHistoryParameters extends JobMessageParameters {

    private static final int POINTS = 360;
    private static final int MOST_POINTS = 10_000;

    private final From from = new From();
    private final To to = new To();
    private final Step step = new Step();

    /** Start. */
    static final class From extends TextQueryParameter {
        From() {
            super("from", "Milliseconds since 1970; one hour before the end if absent.");
        }
    }

    /** End. */
    static final class To extends TextQueryParameter {
        To() {
            super("to", "Milliseconds since 1970; now if absent.");
        }
    }

    /** Length of a point. */
    static final class Step extends TextQueryParameter {
        Step() {
            super("step", "Milliseconds that one point covers.");
        }
    }

    /** What is asked for, all in milliseconds. */
    record Range(long from, long to, long step) {}

    @Override
    public Collection<MessageQueryParameter<?>> getQueryParameters() {
        return List.of(from, to, step);
    }

    /**
     * Returns what a request asks for.
     *
     * @param periodMillis the least length of a point
     * @throws IllegalArgumentException if it makes no sense; says what to change
     */
    static Range of(HandlerRequest<?> request, long nowMillis, long periodMillis) {
        return of(
                first(request.getQueryParameter(From.class)),
                first(request.getQueryParameter(To.class)),
                first(request.getQueryParameter(Step.class)),
                nowMillis,
                periodMillis);
    }

    static Range of(
            @Nullable String from,
            @Nullable String to,
            @Nullable String step,
            long nowMillis,
            long periodMillis) {
        long end = number("to", to, nowMillis);
        long start = number("from", from, end - Duration.ofHours(1).toMillis());
        if (start >= end) {
            throw new IllegalArgumentException(
                    "Parameter 'from' is %d, not before 'to', which is %d.".formatted(start, end));
        }
        long fitting = Math.max(periodMillis, roundedUp((end - start) / POINTS, periodMillis));
        long length = number("step", step, fitting);
        if (length < periodMillis) {
            throw new IllegalArgumentException(
                    "Parameter 'step' is %d ms; it must be at least the period of reports, which is %d ms."
                            .formatted(length, periodMillis));
        }
        if ((end - start) / length > MOST_POINTS) {
            throw new IllegalArgumentException(
                    "%d ms in steps of %d ms are more than %d points. Raise 'step', or ask for less time."
                            .formatted(end - start, length, MOST_POINTS));
        }
        // Steps begin at the same times whenever they are asked for.
        return new Range(start / length * length, end, length);
    }

    private static long roundedUp(long millis, long of) {
        return (millis + of - 1) / of * of;
    }

    static @Nullable String first(List<String> values) {
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * Returns a number that a user wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    static long number(String name, @Nullable String value, long ifAbsent) {
        if (value == null) {
            return ifAbsent;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // As a negative one.
        }
        throw new IllegalArgumentException(
                "Parameter '%s' must be a whole number from 0, not '%s'.".formatted(name, value));
    }
}
