package io.sluice.runtime.migration;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.JobState;
import org.apache.flink.sluice.rpc.MigrationAnswer;
import org.apache.flink.sluice.rpc.MigrationAnswer.Outcome;
import org.apache.flink.sluice.rpc.MigrationProgress;
import org.apache.flink.sluice.rpc.MigrationProgress.Phase;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.StateMigration.Target;
import org.apache.flink.sluice.rpc.SubtaskState;
import org.apache.flink.sluice.rpc.TaskManagerState;

import io.sluice.runtime.migration.MigrationRules.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationRulesTest {

    private static final JobID JOB = new JobID(0, 1);
    private static final StateMigration LAST = migration("t1", 7, List.of());

    @Test
    void stateThatIsThereMayMove() {
        assertThat(answer(migration("t2", 0, List.of()), state(null, subtask(true, null))))
                .isEqualTo(new MigrationAnswer(Outcome.ACCEPTED, ""));
    }

    @Test
    void oneMigrationAtATime() {
        assertThat(answer(migration("t2", 0, List.of()), state(LAST, moving())))
                .isEqualTo(
                        new MigrationAnswer(
                                Outcome.BUSY,
                                "State migration t1 of job %s is under way. Wait until it is done."
                                        .formatted(JOB)));
        assertThat(answer(migration("t2", 0, List.of()), state(LAST, done())).outcome())
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void jobWithoutAdaptiveStateIsToldHowToGetIt() {
        assertThat(answer(migration("t2", 0, List.of()), state(null)))
                .isEqualTo(
                        new MigrationAnswer(
                                Outcome.NOTHING_TO_MOVE,
                                "Job %s has no running task with adaptive state. Set state.backend.type: adaptive, and restart the job from a savepoint."
                                        .formatted(JOB)));
    }

    @Test
    void choiceWithoutStateIsRefused() {
        StateMigration elsewhere =
                new StateMigration("t2", JOB, 0, Target.DISK, List.of("v9"), List.of(), 1, 0.1);

        assertThat(answer(elsewhere, state(null, subtask(true, null))))
                .isEqualTo(
                        new MigrationAnswer(
                                Outcome.NOTHING_TO_MOVE,
                                "Job %s has no adaptive state in the chosen vertices and TaskManagers. GET /jobs/%s/state-tiers shows where it has."
                                        .formatted(JOB, JOB)));
    }

    @Test
    void silentTaskManagerMayHaveState() {
        JobState silent =
                new JobState(
                        List.of(),
                        List.of(new JobState.Silent("tm-1", "timeout")),
                        null,
                        List.of());

        assertThat(answer(migration("t2", 0, List.of()), silent).outcome())
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void unknownTaskManagerIsNamed() {
        assertThat(answer(migration("t2", 0, List.of("tm-9")), state(null, subtask(true, null))))
                .isEqualTo(
                        new MigrationAnswer(
                                Outcome.UNKNOWN_TASK_MANAGER,
                                "There is no TaskManager tm-9. There are: tm-1, tm-2."));
    }

    @Test
    void pinnedStateIsRefused() {
        assertThat(answer(migration("t2", 0, List.of()), state(null, subtask(false, null))))
                .isEqualTo(
                        new MigrationAnswer(
                                Outcome.PINNED,
                                "The state of operator is pinned: state.backend.adaptive.mode is pin-heap. Set it to auto or manual and restart the job."));
    }

    @Test
    void isCompleteWhenAllStateOfARunningJobIsThere() {
        assertThat(status(state(LAST, done(), done()), true, false)).isEqualTo(Status.COMPLETED);
    }

    @Test
    void isInProgressWhileAnythingIsMissing() {
        assertThat(status(state(LAST, done(), moving()), true, false))
                .as("moving")
                .isEqualTo(Status.IN_PROGRESS);
        assertThat(status(state(LAST, done(), subtask(true, null)), true, false))
                .as("not asked yet")
                .isEqualTo(Status.IN_PROGRESS);
        assertThat(status(state(LAST, done()), false, false))
                .as("tasks that do not run yet")
                .isEqualTo(Status.IN_PROGRESS);
        assertThat(
                        status(
                                new JobState(
                                        List.of(new TaskManagerState("tm-1", 6, List.of(done()))),
                                        List.of(),
                                        LAST,
                                        List.of()),
                                true,
                                false))
                .as("a TaskManager has not heard of it")
                .isEqualTo(Status.IN_PROGRESS);
        assertThat(
                        status(
                                new JobState(
                                        List.of(new TaskManagerState("tm-1", 7, List.of(done()))),
                                        List.of(new JobState.Silent("tm-2", "timeout")),
                                        LAST,
                                        List.of()),
                                true,
                                false))
                .as("a TaskManager is silent")
                .isEqualTo(Status.IN_PROGRESS);
    }

    @Test
    void failsIfWhatWasMeantIsGone() {
        StateMigration elsewhere = migration("t1", 7, List.of("tm-3"));
        JobState gone =
                new JobState(
                        List.of(new TaskManagerState("tm-1", 7, List.of(subtask(true, null)))),
                        List.of(),
                        elsewhere,
                        List.of());
        JobState goneAfterIt =
                new JobState(
                        gone.taskManagers(),
                        List.of(),
                        elsewhere,
                        List.of(new TaskManagerState("tm-3", 7, List.of(done()))));

        assertThat(MigrationRules.status(elsewhere, gone, true, false)).isEqualTo(Status.FAILED);
        assertThat(MigrationRules.status(elsewhere, goneAfterIt, true, false))
                .isEqualTo(Status.COMPLETED);
    }

    @Test
    void oneThatNotAllTaskManagersHaveHeardOfIsUnderWay() {
        JobState unheard =
                new JobState(
                        List.of(new TaskManagerState("tm-1", 6, List.of(subtask(true, null)))),
                        List.of(),
                        LAST,
                        List.of());

        assertThat(answer(migration("t2", 0, List.of()), unheard).outcome())
                .isEqualTo(Outcome.BUSY);
    }

    @Test
    void jobThatEndedAfterItIsNoFailure() {
        assertThat(status(state(LAST, done()), false, true)).isEqualTo(Status.COMPLETED);
    }

    @Test
    void failsWithTheJobAndWithARefusal() {
        assertThat(status(state(LAST, moving()), false, true)).isEqualTo(Status.FAILED);
        assertThat(status(state(LAST, done(), subtask(true, Phase.FAILED)), true, false))
                .isEqualTo(Status.FAILED);
    }

    private static MigrationAnswer answer(StateMigration wanted, JobState state) {
        return MigrationRules.answer(wanted, state, Set.of("tm-1", "tm-2"));
    }

    private static Status status(JobState state, boolean isRunning, boolean hasEnded) {
        return MigrationRules.status(LAST, state, isRunning, hasEnded);
    }

    private static StateMigration migration(String trigger, long epoch, List<String> taskManagers) {
        return new StateMigration(
                trigger, JOB, epoch, Target.DISK, List.of(), taskManagers, 1, 0.1);
    }

    private static JobState state(@Nullable StateMigration last, SubtaskState... subtasks) {
        List<TaskManagerState> states = List.of(new TaskManagerState("tm-1", 7, List.of(subtasks)));
        return new JobState(states, List.of(), last, states);
    }

    private static SubtaskState done() {
        return subtask(true, Phase.DONE);
    }

    private static SubtaskState moving() {
        return subtask(true, Phase.MOVING);
    }

    private static SubtaskState subtask(boolean movable, @Nullable Phase phase) {
        return new SubtaskState(
                "v1",
                "task",
                "operator",
                0,
                0,
                movable ? "manual" : "pin-heap",
                movable,
                10,
                0,
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                phase == null ? null : new MigrationProgress("t1", phase, 10, 0, 0, 0, 0, null));
    }
}
