package io.sluice.runtime.backpressure.cause;

import java.util.List;

/**
 * A vertex that holds others back, or would next.
 *
 * @param vertex hexadecimal
 * @param subtasks whose doing it is; none for all
 * @param holdsBack vertices that wait for it, directly or through others; empty for {@link
 *     Role#NEXT}
 * @param weight how much it takes part, in [0, 1]; the first of several is the greatest of its role
 * @param message what happens, for people, with figures
 */
public record Cause(
        String vertex,
        Role role,
        Kind kind,
        List<Integer> subtasks,
        List<String> holdsBack,
        double weight,
        String message) {

    /** What part a vertex has. */
    public enum Role {
        /** Others wait for it, and it waits for nobody. */
        CAUSE,
        /** Others wait for it, but it waits for somebody itself for a part of the time. */
        CONTRIBUTES,
        /**
         * Nobody waits for it now; after the causes are mended it is the next to be at its limit.
         */
        NEXT
    }

    /** Why a vertex is slow. */
    public enum Kind {
        /** Its records take that much work. */
        BUSY,
        /** Some subtasks have far more to do than the others. */
        SKEW,
        /** Collections of garbage take the time of its TaskManager. */
        GC,
        /** It waits for something outside of Flink. */
        EXTERNAL_WAIT,
        /** Its consumers could take more than arrives: the buffers are on their way. */
        NETWORK,
        /** It sends more at once, within one record or timer, than there are buffers for. */
        HARD
    }

    public Cause {
        subtasks = List.copyOf(subtasks);
        holdsBack = List.copyOf(holdsBack);
    }
}
