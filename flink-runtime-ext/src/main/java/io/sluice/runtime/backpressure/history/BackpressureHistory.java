package io.sluice.runtime.backpressure.history;

import org.apache.flink.sluice.rpc.PastBackpressure;
import org.apache.flink.sluice.rpc.PastEpisodes;

import io.sluice.runtime.backpressure.load.Episode;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is remembered of all jobs: no longer than for a time, and in no more than so much of the
 * heap; the oldest goes first. Not thread-safe.
 */
final class BackpressureHistory {

    private final Duration retention;
    private final long sizeBytes;
    private final Map<String, JobHistory> jobs = new HashMap<>();

    BackpressureHistory(HistorySettings settings) {
        this.retention = settings.retention();
        this.sizeBytes = settings.size().getBytes();
    }

    void add(String job, PeriodRow row) {
        jobs.computeIfAbsent(job, any -> new JobHistory()).add(row);
    }

    boolean hasPeriod(String job, long endMillis) {
        JobHistory history = jobs.get(job);
        return history != null && history.hasPeriod(endMillis);
    }

    /** Takes what is known of an episode by now; returns whether it is news that it has ended. */
    boolean add(Episode episode) {
        return jobs.computeIfAbsent(episode.job(), any -> new JobHistory()).add(episode);
    }

    /** Takes an episode that was written; what is known of it already stays. */
    void remember(Episode episode) {
        jobs.computeIfAbsent(episode.job(), any -> new JobHistory()).remember(episode);
    }

    /** Ends the episodes that go on but for these; returns those that it ended. */
    List<Episode> endAllBut(Predicate<Episode> toldOf) {
        return jobs.values().stream()
                .flatMap(history -> history.endAllBut(toldOf).stream())
                .toList();
    }

    /** Forgets what is too old, or too much. */
    void forget(long nowMillis) {
        long oldest = nowMillis - retention.toMillis();
        jobs.values().forEach(history -> history.forget(oldest));
        jobs.values().removeIf(JobHistory::isEmpty);
        while (jobs.values().stream().mapToLong(JobHistory::bytes).sum() > sizeBytes) {
            JobHistory first =
                    jobs.values().stream()
                            .min(Comparator.comparingLong(JobHistory::oldestMillis))
                            .orElseThrow();
            long until = first.oldestMillis();
            if (until == Long.MAX_VALUE) {
                return;
            }
            // A minute at once, so that this does not go on for each period.
            first.forget(until + Duration.ofMinutes(1).toMillis());
            jobs.values().removeIf(JobHistory::isEmpty);
        }
    }

    PastBackpressure between(String job, long fromMillis, long toMillis, long stepMillis) {
        JobHistory history = jobs.get(job);
        return history == null
                ? new PastBackpressure(List.of(), List.of())
                : history.between(fromMillis, toMillis, stepMillis);
    }

    PastEpisodes episodes(String job, @Nullable String vertex, int limit) {
        JobHistory history = jobs.get(job);
        return history == null ? new PastEpisodes(0, List.of()) : history.episodes(vertex, limit);
    }

    List<Episode> ongoing(String job) {
        JobHistory history = jobs.get(job);
        return history == null ? List.of() : history.ongoing();
    }
}
