package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.sluice.rpc.JobState;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.SubtaskState;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;

/**
 * Where the keyed state of a job lives.
 *
 * @param migration id of the last request to move it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StateTiersBody(
        @JsonProperty("job-id") String job,
        @JsonProperty("state-migration") @Nullable String migration,
        @JsonProperty("subtasks") List<Subtask> subtasks,
        @JsonProperty("silent-taskmanagers") List<SilentTaskManager> silent)
        implements ResponseBody {

    /**
     * The state of an operator's subtask.
     *
     * @param bytesOnHeap estimated
     * @param bytesOnDisk the estimated footprint that it would have on heap
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Subtask(
            @JsonProperty("vertex-id") String vertex,
            @JsonProperty("task") String task,
            @JsonProperty("operator") String operator,
            @JsonProperty("subtask") int subtask,
            @JsonProperty("attempt") int attempt,
            @JsonProperty("taskmanager-id") String taskManager,
            @JsonProperty("mode") String mode,
            @JsonProperty("key-groups-on-heap") int keyGroupsOnHeap,
            @JsonProperty("key-groups-on-disk") int keyGroupsOnDisk,
            @JsonProperty("key-groups-moving") int keyGroupsMoving,
            @JsonProperty("entries-on-heap") long entriesOnHeap,
            @JsonProperty("entries-on-disk") long entriesOnDisk,
            @JsonProperty("bytes-on-heap") long bytesOnHeap,
            @JsonProperty("bytes-on-disk") long bytesOnDisk,
            @JsonProperty("last-reason") @Nullable String lastReason,
            @JsonProperty("last-failure") @Nullable String lastFailure) {

        private static Subtask of(SubtaskState state, String taskManager) {
            return new Subtask(
                    state.vertex(),
                    state.task(),
                    state.operator(),
                    state.subtask(),
                    state.attempt(),
                    taskManager,
                    state.mode(),
                    state.keyGroupsOnHeap(),
                    state.keyGroupsOnDisk(),
                    state.keyGroupsMoving(),
                    state.entriesOnHeap(),
                    state.entriesOnDisk(),
                    state.bytesOnHeap(),
                    state.bytesOnDisk(),
                    state.lastReason(),
                    state.lastFailure());
        }
    }

    static StateTiersBody of(String job, JobState state) {
        StateMigration last = state.migration();
        return new StateTiersBody(
                job,
                last == null ? null : last.trigger(),
                state.taskManagers().stream()
                        .flatMap(
                                tm ->
                                        tm.subtasks().stream()
                                                .map(one -> Subtask.of(one, tm.taskManager())))
                        .sorted(
                                Comparator.comparing(Subtask::vertex)
                                        .thenComparing(Subtask::operator)
                                        .thenComparing(Subtask::subtask))
                        .toList(),
                SilentTaskManager.of(state));
    }
}
