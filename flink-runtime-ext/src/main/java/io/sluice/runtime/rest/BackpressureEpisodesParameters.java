package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.MessageQueryParameter;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;

/** Which episodes are asked for. */
public final class BackpressureEpisodesParameters extends JobMessageParameters {

    private static final int DEFAULT_LIMIT = 100;
    private static final int GREATEST_LIMIT = 1_000;

    private final Vertex vertex = new Vertex();
    private final Limit limit = new Limit();

    /** Whose they are. */
    static final class Vertex extends TextQueryParameter {
        Vertex() {
            super("vertex", "Id of the vertex; all if absent.");
        }
    }

    /** How many. */
    static final class Limit extends TextQueryParameter {
        Limit() {
            super("limit", "Number of episodes at most; 100 if absent.");
        }
    }

    @Override
    public Collection<MessageQueryParameter<?>> getQueryParameters() {
        return List.of(vertex, limit);
    }

    /**
     * Returns how many are asked for.
     *
     * @throws IllegalArgumentException if it makes no sense; says what to change
     */
    static int limit(@Nullable String written) {
        long limit = BackpressureHistoryParameters.number("limit", written, DEFAULT_LIMIT);
        if (limit > GREATEST_LIMIT) {
            throw new IllegalArgumentException(
                    "Parameter 'limit' is %d; it must be at most %d."
                            .formatted(limit, GREATEST_LIMIT));
        }
        return (int) limit;
    }
}
