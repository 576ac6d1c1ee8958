package io.sluice.runtime.rest;

import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.sluice.rpc.PastEpisodes;
import org.apache.flink.sluice.rpc.PastEpisodes.PastEpisode;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import java.util.List;
import java.util.Map;

/**
 * When subtasks of a job were held back, the latest first.
 *
 * @param kept how many there are without a limit
 */
public record BackpressureEpisodesBody(
        @JsonProperty("job-id") String job,
        @JsonProperty("kept") int kept,
        @JsonProperty("episodes") List<Episode> episodes)
        implements ResponseBody {

    /**
     * A time in which a subtask was held back.
     *
     * @param startMillis since 1970
     * @param durationMillis until now if it goes on
     * @param kind SOFT or HARD
     * @param backpressured share of the duration
     * @param causedBy the longest first
     */
    public record Episode(
            @JsonProperty("vertex-id") String vertex,
            @JsonProperty("vertex-name") String name,
            @JsonProperty("subtask") int subtask,
            @JsonProperty("attempt") int attempt,
            @JsonProperty("taskmanager-id") String taskManager,
            @JsonProperty("start") long startMillis,
            @JsonProperty("duration") long durationMillis,
            @JsonProperty("ongoing") boolean ongoing,
            @JsonProperty("kind") String kind,
            @JsonProperty("backpressured") double backpressured,
            @JsonProperty("caused-by") List<Cause> causedBy) {}

    /** Who held it back. */
    public record Cause(
            @JsonProperty("vertex-id") String vertex,
            @JsonProperty("vertex-name") String name,
            @JsonProperty("kind") String kind) {}

    static BackpressureEpisodesBody of(AccessExecutionGraph graph, PastEpisodes past) {
        Map<String, String> names = BackpressureHistoryBody.namesOf(graph);
        return new BackpressureEpisodesBody(
                graph.getJobID().toHexString(),
                past.kept(),
                past.episodes().stream().map(episode -> episode(episode, names)).toList());
    }

    private static Episode episode(PastEpisode episode, Map<String, String> names) {
        return new Episode(
                episode.vertex(),
                names.getOrDefault(episode.vertex(), episode.vertex()),
                episode.subtask(),
                episode.attempt(),
                episode.taskManager(),
                episode.startMillis(),
                episode.durationMillis(),
                episode.ongoing(),
                episode.hard() ? "HARD" : "SOFT",
                BackpressureBody.rounded(episode.backpressured()),
                episode.causedBy().stream()
                        .map(
                                blame ->
                                        new Cause(
                                                blame.vertex(),
                                                names.getOrDefault(blame.vertex(), blame.vertex()),
                                                blame.kind()))
                        .toList());
    }
}
