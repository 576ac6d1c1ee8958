package org.apache.flink.sluice.rpc;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * Times in which subtasks of a job were held back, the latest first.
 *
 * @param kept how many there are without a limit
 */
public record PastEpisodes(int kept, List<PastEpisode> episodes) implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    public PastEpisodes {
        episodes = List.copyOf(episodes);
    }

    /**
     * One of them.
     *
     * @param vertex hexadecimal
     * @param startMillis since 1970
     * @param durationMillis until now if it goes on
     * @param hard whether much of it was within records
     * @param backpressured share of the duration in which the subtask was held back
     * @param causedBy the longest first; empty if that is not known
     */
    public record PastEpisode(
            String vertex,
            int subtask,
            int attempt,
            String taskManager,
            long startMillis,
            long durationMillis,
            boolean ongoing,
            boolean hard,
            double backpressured,
            List<PastBackpressure.Blame> causedBy)
            implements Serializable {
        @Serial private static final long serialVersionUID = 1;

        public PastEpisode {
            causedBy = List.copyOf(causedBy);
        }
    }
}
