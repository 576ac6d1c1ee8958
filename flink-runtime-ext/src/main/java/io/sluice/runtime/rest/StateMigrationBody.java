package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.sluice.rpc.JobState;
import org.apache.flink.sluice.rpc.MigrationProgress;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.SubtaskState;
import org.apache.flink.sluice.rpc.TaskManagerState;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import io.sluice.runtime.migration.MigrationRules;
import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How far a migration is.
 *
 * @param message why it is where it is, if that is not because it moves or has moved
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StateMigrationBody(
        @JsonProperty("request-id") String trigger,
        @JsonProperty("status") Status status,
        @JsonProperty("message") @Nullable String message,
        @JsonProperty("target") String target,
        @JsonProperty("share") double share,
        @JsonProperty("pace") double pace,
        @JsonProperty("key-groups-wanted") int keyGroupsWanted,
        @JsonProperty("key-groups-there") int keyGroupsThere,
        @JsonProperty("entries-moved") long entriesMoved,
        @JsonProperty("bytes-moved") long bytesMoved,
        @JsonProperty("duration") long durationMillis,
        @JsonProperty("subtasks") List<Subtask> subtasks,
        @JsonProperty("silent-taskmanagers") List<SilentTaskManager> silent)
        implements ResponseBody {

    /** As Flink's asynchronous operations tell it. */
    public record Status(@JsonProperty("id") MigrationRules.Status id) {}

    /**
     * In an operator's subtask.
     *
     * @param durationMillis until it was done
     * @param error why it failed, or last failed and is tried again
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Subtask(
            @JsonProperty("vertex-id") String vertex,
            @JsonProperty("task") String task,
            @JsonProperty("operator") String operator,
            @JsonProperty("subtask") int subtask,
            @JsonProperty("attempt") int attempt,
            @JsonProperty("taskmanager-id") String taskManager,
            @JsonProperty("phase") MigrationProgress.Phase phase,
            @JsonProperty("key-groups-wanted") int keyGroupsWanted,
            @JsonProperty("key-groups-there") int keyGroupsThere,
            @JsonProperty("entries-moved") long entriesMoved,
            @JsonProperty("bytes-moved") long bytesMoved,
            @JsonProperty("duration") long durationMillis,
            @JsonProperty("error") @Nullable String error) {

        private static Stream<Subtask> of(
                StateMigration migration, SubtaskState state, String taskManager) {
            MigrationProgress progress = state.progress();
            if (progress == null || !progress.trigger().equals(migration.trigger())) {
                return Stream.empty();
            }
            return Stream.of(
                    new Subtask(
                            state.vertex(),
                            state.task(),
                            state.operator(),
                            state.subtask(),
                            state.attempt(),
                            taskManager,
                            progress.phase(),
                            progress.keyGroupsWanted(),
                            progress.keyGroupsThere(),
                            progress.entriesMoved(),
                            progress.bytesMoved(),
                            progress.millis(),
                            progress.error()));
        }
    }

    static StateMigrationBody of(
            StateMigration migration,
            JobState state,
            List<TaskManagerState> progress,
            MigrationRules.Status status,
            @Nullable String message) {
        List<Subtask> subtasks =
                progress.stream()
                        .flatMap(
                                tm ->
                                        tm.subtasks().stream()
                                                .flatMap(
                                                        one ->
                                                                Subtask.of(
                                                                        migration,
                                                                        one,
                                                                        tm.taskManager())))
                        .sorted(
                                Comparator.comparing(Subtask::vertex)
                                        .thenComparing(Subtask::operator)
                                        .thenComparing(Subtask::subtask))
                        .toList();
        return new StateMigrationBody(
                migration.trigger(),
                new Status(status),
                message,
                migration.target().name().toLowerCase(Locale.ROOT),
                migration.share(),
                migration.pace(),
                subtasks.stream().mapToInt(Subtask::keyGroupsWanted).sum(),
                subtasks.stream().mapToInt(Subtask::keyGroupsThere).sum(),
                subtasks.stream().mapToLong(Subtask::entriesMoved).sum(),
                subtasks.stream().mapToLong(Subtask::bytesMoved).sum(),
                subtasks.stream().mapToLong(Subtask::durationMillis).max().orElse(0),
                subtasks,
                SilentTaskManager.of(state));
    }
}
