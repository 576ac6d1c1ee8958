package io.sluice.runtime.backpressure.history;

import org.apache.flink.sluice.rpc.PastBackpressure;
import org.apache.flink.sluice.rpc.PastBackpressure.Blame;
import org.apache.flink.sluice.rpc.PastBackpressure.Point;
import org.apache.flink.sluice.rpc.PastBackpressure.Series;
import org.apache.flink.sluice.rpc.PastEpisodes;
import org.apache.flink.sluice.rpc.PastEpisodes.PastEpisode;

import io.sluice.runtime.backpressure.load.Episode;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What is remembered of one job. Not thread-safe. */
final class JobHistory {

    /** About what an episode takes of the heap. */
    static final long EPISODE_BYTES = 400;

    private final NavigableMap<Long, PeriodRow> rows = new TreeMap<>();
    private final Map<String, Episode> episodes = new LinkedHashMap<>();
    private long rowBytes;

    void add(PeriodRow row) {
        PeriodRow before = rows.put(row.endMillis(), row);
        rowBytes += row.bytes() - (before == null ? 0 : before.bytes());
    }

    boolean hasPeriod(long endMillis) {
        return rows.containsKey(endMillis);
    }

    /**
     * Takes what is known of an episode by now.
     *
     * @return whether it is news that it has ended
     */
    boolean add(Episode episode) {
        Episode before = episodes.put(episode.id(), episode);
        return !episode.ongoing() && (before == null || before.ongoing());
    }

    /** Takes an episode that was written; what is known of it already stays. */
    void remember(Episode episode) {
        episodes.merge(
                episode.id(),
                episode,
                (known, read) ->
                        known.ongoing() || known.durationMillis() >= read.durationMillis()
                                ? known
                                : read);
    }

    /** Ends the episodes that go on but for those still told of; their tasks are gone. */
    List<Episode> endAllBut(Predicate<Episode> toldOf) {
        List<Episode> lost =
                episodes.values().stream()
                        .filter(Episode::ongoing)
                        .filter(toldOf.negate())
                        .map(JobHistory::ended)
                        .toList();
        lost.forEach(episode -> episodes.put(episode.id(), episode));
        return lost;
    }

    private static Episode ended(Episode episode) {
        return new Episode(
                episode.id(),
                episode.job(),
                episode.vertex(),
                episode.subtask(),
                episode.attempt(),
                episode.taskManager(),
                episode.startMillis(),
                episode.durationMillis(),
                false,
                episode.hard(),
                episode.backpressured());
    }

    long bytes() {
        return rowBytes + EPISODE_BYTES * episodes.size();
    }

    boolean isEmpty() {
        return rows.isEmpty() && episodes.isEmpty();
    }

    /** Returns when the oldest of what is remembered ended. */
    long oldestMillis() {
        long oldest = rows.isEmpty() ? Long.MAX_VALUE : rows.firstKey();
        for (Episode episode : episodes.values()) {
            if (!episode.ongoing()) {
                oldest = Math.min(oldest, episode.endMillis());
            }
        }
        return oldest;
    }

    /** Forgets what ended before. */
    void forget(long beforeMillis) {
        while (!rows.isEmpty() && rows.firstKey() < beforeMillis) {
            rowBytes -= rows.pollFirstEntry().getValue().bytes();
        }
        episodes.values()
                .removeIf(episode -> !episode.ongoing() && episode.endMillis() < beforeMillis);
    }

    PastBackpressure between(long fromMillis, long toMillis, long stepMillis) {
        Map<String, List<Point>> series = new LinkedHashMap<>();
        List<Blame> causes = new ArrayList<>();
        List<PeriodRow> within = new ArrayList<>();
        long step = fromMillis;
        for (PeriodRow row : rows.subMap(fromMillis, false, toMillis, true).values()) {
            while (row.endMillis() > step + stepMillis) {
                close(step, within, series, causes);
                step += stepMillis * Math.max(1, (row.endMillis() - 1 - step) / stepMillis);
            }
            within.add(row);
        }
        close(step, within, series, causes);
        return new PastBackpressure(
                series.entrySet().stream()
                        .map(entry -> new Series(entry.getKey(), entry.getValue()))
                        .toList(),
                causes);
    }

    private static void close(
            long startMillis,
            List<PeriodRow> within,
            Map<String, List<Point>> series,
            List<Blame> causes) {
        Map<String, Sum> sums = new LinkedHashMap<>();
        Map<PeriodRow.Blame, Integer> votes = new LinkedHashMap<>();
        for (PeriodRow row : within) {
            for (int vertex = 0; vertex < row.vertices().size(); vertex++) {
                if (row.has(vertex)) {
                    sums.computeIfAbsent(row.vertices().get(vertex), any -> new Sum())
                            .add(row, vertex);
                }
            }
            PeriodRow.Blame blame = row.mainBlame();
            if (blame != null) {
                votes.merge(blame, 1, Integer::sum);
            }
        }
        sums.forEach(
                (vertex, sum) ->
                        series.computeIfAbsent(vertex, any -> new ArrayList<>())
                                .add(sum.point(startMillis)));
        votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .ifPresent(
                        blame ->
                                causes.add(
                                        new Blame(
                                                startMillis, blame.vertex(), blame.kind().name())));
        within.clear();
    }

    private static final class Sum {
        private int rows;
        private double backpressured;
        private double backpressuredMax;
        private double hard;
        private double busyMax;

        void add(PeriodRow row, int vertex) {
            rows++;
            backpressured += row.share(vertex, PeriodRow.BACKPRESSURED);
            backpressuredMax =
                    Math.max(backpressuredMax, row.share(vertex, PeriodRow.BACKPRESSURED_MAX));
            hard += row.share(vertex, PeriodRow.HARD);
            busyMax = Math.max(busyMax, row.share(vertex, PeriodRow.BUSY_MAX));
        }

        Point point(long startMillis) {
            return new Point(
                    startMillis, backpressured / rows, backpressuredMax, hard / rows, busyMax);
        }
    }

    /**
     * Returns episodes, the latest first.
     *
     * @param vertex null for all
     */
    PastEpisodes episodes(@Nullable String vertex, int limit) {
        List<Episode> kept =
                episodes.values().stream()
                        .filter(episode -> vertex == null || episode.vertex().equals(vertex))
                        .sorted(
                                Comparator.comparingLong(Episode::startMillis)
                                        .reversed()
                                        .thenComparing(Episode::id))
                        .toList();
        return new PastEpisodes(
                kept.size(),
                kept.stream().limit(limit).map(episode -> described(episode)).toList());
    }

    List<Episode> ongoing() {
        return episodes.values().stream().filter(Episode::ongoing).toList();
    }

    private PastEpisode described(Episode episode) {
        return new PastEpisode(
                episode.vertex(),
                episode.subtask(),
                episode.attempt(),
                episode.taskManager(),
                episode.startMillis(),
                episode.durationMillis(),
                episode.ongoing(),
                episode.hard(),
                episode.backpressured(),
                causesOf(episode));
    }

    /** Each period that the episode has a part of counts with that part. */
    private List<Blame> causesOf(Episode episode) {
        Map<PeriodRow.Blame, Long> millis = new HashMap<>();
        List<String> vertices = List.of();
        int vertex = -1;
        for (PeriodRow row : rows.tailMap(episode.startMillis(), false).values()) {
            if (row.startMillis() >= episode.endMillis()) {
                break;
            }
            if (!row.vertices().equals(vertices)) {
                vertices = row.vertices();
                vertex = vertices.indexOf(episode.vertex());
            }
            PeriodRow.Blame blame = vertex < 0 ? null : row.blame(vertex);
            if (blame != null) {
                long common =
                        Math.min(row.endMillis(), episode.endMillis())
                                - Math.max(row.startMillis(), episode.startMillis());
                millis.merge(blame, common, Long::sum);
            }
        }
        return millis.entrySet().stream()
                .sorted(
                        Map.Entry.<PeriodRow.Blame, Long>comparingByValue()
                                .reversed()
                                .thenComparing(entry -> entry.getKey().toString()))
                .map(
                        entry ->
                                new Blame(
                                        episode.startMillis(),
                                        entry.getKey().vertex(),
                                        entry.getKey().kind().name()))
                .toList();
    }
}
