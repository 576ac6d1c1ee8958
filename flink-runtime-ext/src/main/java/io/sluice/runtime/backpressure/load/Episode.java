package io.sluice.runtime.backpressure.load;

/**
 * A time in which a subtask was held back.
 *
 * @param id unique
 * @param job hexadecimal
 * @param vertex hexadecimal
 * @param startMillis since 1970
 * @param durationMillis until now if it goes on
 * @param hard whether more than {@link #HARD_SHARE} of the time that it was held back was within a
 *     record
 * @param backpressured share of the duration in which it was held back
 */
public record Episode(
        String id,
        String job,
        String vertex,
        int subtask,
        int attempt,
        String taskManager,
        long startMillis,
        long durationMillis,
        boolean ongoing,
        boolean hard,
        double backpressured) {

    /** Beyond it an episode is one of hard backpressure. */
    public static final double HARD_SHARE = 0.3;

    public long endMillis() {
        return startMillis + durationMillis;
    }
}
