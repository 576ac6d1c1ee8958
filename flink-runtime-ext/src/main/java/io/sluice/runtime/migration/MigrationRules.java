package io.sluice.runtime.migration;

import org.apache.flink.sluice.rpc.JobState;
import org.apache.flink.sluice.rpc.MigrationAnswer;
import org.apache.flink.sluice.rpc.MigrationAnswer.Outcome;
import org.apache.flink.sluice.rpc.MigrationProgress;
import org.apache.flink.sluice.rpc.MigrationProgress.Phase;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.StateMigration.Target;
import org.apache.flink.sluice.rpc.SubtaskState;
import org.apache.flink.sluice.rpc.TaskManagerState;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Whether a migration may begin, and how far it is: pure functions of what TaskManagers said. */
public final class MigrationRules {

    private MigrationRules() {}

    /**
     * Answers a request.
     *
     * @param state of the job, with its last migration
     * @param knownTaskManagers resource ids
     */
    public static MigrationAnswer answer(
            StateMigration wanted, JobState state, Collection<String> knownTaskManagers) {
        TreeSet<String> unknown = new TreeSet<>(wanted.taskManagers());
        unknown.removeAll(knownTaskManagers);
        if (!unknown.isEmpty()) {
            return new MigrationAnswer(
                    Outcome.UNKNOWN_TASK_MANAGER,
                    "There is no TaskManager %s. There are: %s."
                            .formatted(
                                    String.join(", ", unknown),
                                    String.join(", ", new TreeSet<>(knownTaskManagers))));
        }
        StateMigration last = state.migration();
        if (last != null
                && (isMoving(last, state.taskManagers())
                        || state.taskManagers().stream()
                                .anyMatch(tm -> tm.epoch() < last.epoch()))) {
            return new MigrationAnswer(
                    Outcome.BUSY,
                    "State migration %s of job %s is under way. Wait until it is done."
                            .formatted(last.trigger(), last.job()));
        }
        List<SubtaskState> meant = meant(wanted, state).toList();
        if (meant.isEmpty() && state.silent().isEmpty()) {
            return new MigrationAnswer(Outcome.NOTHING_TO_MOVE, nothingToMove(wanted, state));
        }
        Optional<SubtaskState> pinned =
                meant.stream().filter(subtask -> !subtask.movable()).findFirst();
        if (pinned.isPresent() && wanted.target() != Target.AUTO) {
            return new MigrationAnswer(
                    Outcome.PINNED,
                    "The state of %s is pinned: state.backend.adaptive.mode is %s. Set it to auto or manual and restart the job."
                            .formatted(pinned.get().operator(), pinned.get().mode()));
        }
        return new MigrationAnswer(Outcome.ACCEPTED, "");
    }

    private static String nothingToMove(StateMigration wanted, JobState state) {
        boolean none = state.taskManagers().stream().allMatch(tm -> tm.subtasks().isEmpty());
        return none
                ? "Job %s has no running task with adaptive state. Set state.backend.type: adaptive, and restart the job from a savepoint."
                        .formatted(wanted.job())
                : "Job %s has no adaptive state in the chosen vertices and TaskManagers. GET /jobs/%s/state-tiers shows where it has."
                        .formatted(wanted.job(), wanted.job());
    }

    /** How a migration goes. */
    public enum Status {
        IN_PROGRESS,
        COMPLETED,
        /** Ended, and not everywhere as it should. */
        FAILED
    }

    /**
     * Says how the job's last migration goes.
     *
     * @param jobIsRunning with all its tasks
     * @param jobHasEnded for good
     */
    public static Status status(
            StateMigration migration, JobState state, boolean jobIsRunning, boolean jobHasEnded) {
        if (jobHasEnded) {
            return isSettled(migration, state.lastProgress())
                    ? outcome(migration, state.lastProgress())
                    : Status.FAILED;
        }
        boolean taken =
                state.silent().isEmpty()
                        && state.taskManagers().stream()
                                .allMatch(tm -> tm.epoch() >= migration.epoch());
        if (jobIsRunning && taken && meant(migration, state).findAny().isEmpty()) {
            return isSettled(migration, state.lastProgress())
                    ? outcome(migration, state.lastProgress())
                    : Status.FAILED;
        }
        boolean asked =
                meant(migration, state)
                        .allMatch(subtask -> progress(migration, subtask).isPresent());
        return jobIsRunning && taken && asked && isSettled(migration, state.taskManagers())
                ? outcome(migration, state.taskManagers())
                : Status.IN_PROGRESS;
    }

    /** Whether somebody has been asked, and nobody has yet to move. */
    public static boolean isSettled(StateMigration migration, List<TaskManagerState> states) {
        return hasProgress(migration, states) && !isMoving(migration, states);
    }

    /** Whether any TaskManager has taken the migration up. */
    public static boolean hasProgress(StateMigration migration, List<TaskManagerState> states) {
        return progress(migration, states).findAny().isPresent();
    }

    private static boolean isMoving(StateMigration migration, List<TaskManagerState> states) {
        return progress(migration, states).anyMatch(one -> one.phase() == Phase.MOVING);
    }

    private static Status outcome(StateMigration migration, List<TaskManagerState> states) {
        return progress(migration, states).anyMatch(one -> one.phase() == Phase.FAILED)
                ? Status.FAILED
                : Status.COMPLETED;
    }

    private static Stream<SubtaskState> meant(StateMigration migration, JobState state) {
        return state.taskManagers().stream()
                .flatMap(tm -> tm.subtasks().stream().filter(s -> concerns(migration, s, tm)));
    }

    private static boolean concerns(
            StateMigration migration, SubtaskState subtask, TaskManagerState taskManager) {
        return migration.concerns(subtask.vertex(), taskManager.taskManager());
    }

    private static Stream<MigrationProgress> progress(
            StateMigration migration, List<TaskManagerState> states) {
        return states.stream()
                .flatMap(tm -> tm.subtasks().stream())
                .flatMap(subtask -> progress(migration, subtask).stream());
    }

    private static Optional<MigrationProgress> progress(
            StateMigration migration, SubtaskState subtask) {
        return Optional.ofNullable(subtask.progress())
                .filter(progress -> progress.trigger().equals(migration.trigger()));
    }
}
