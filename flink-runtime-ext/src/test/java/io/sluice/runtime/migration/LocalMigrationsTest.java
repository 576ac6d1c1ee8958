package io.sluice.runtime.migration;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.MigrationProgress;
import org.apache.flink.sluice.rpc.MigrationProgress.Phase;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.StateMigration.Target;
import org.apache.flink.sluice.rpc.SubtaskState;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class LocalMigrationsTest {

    private static final JobID JOB = TestingKeyedStates.JOB;

    private final TestingKeyedStates states = new TestingKeyedStates();
    private long nowMillis = 1_000;
    private final LocalMigrations migrations = new LocalMigrations("tm-1", states, () -> nowMillis);

    @Test
    void backendIsAskedOnceAndWatchedUntilItsStateIsThere() {
        long backend = states.add("v1", true);

        migrations.follow(List.of(toDisk("t1")));
        nowMillis += 30;
        states.moved(backend, 4, 0);
        migrations.advance();
        MigrationProgress halfWay = progress();
        nowMillis += 50;
        states.moved(backend, 10, 0);
        migrations.advance();
        nowMillis += 1_000;

        assertThat(states.requests).containsExactly(backend + " DISK 1.0 0.5");
        assertThat(halfWay)
                .isEqualTo(new MigrationProgress("t1", Phase.MOVING, 10, 4, 400, 4_000, 30, null));
        assertThat(progress())
                .isEqualTo(
                        new MigrationProgress("t1", Phase.DONE, 10, 10, 1_000, 10_000, 80, null));
        assertThat(migrations.isMoving()).isFalse();
    }

    @Test
    void backendThatComesLaterIsAskedToo() {
        long first = states.add("v1", true);
        migrations.follow(List.of(toDisk("t1")));

        states.remove(first);
        long restarted = states.add("v1", true);
        migrations.advance();

        assertThat(states.requests)
                .containsExactly(first + " DISK 1.0 0.5", restarted + " DISK 1.0 0.5");
        assertThat(progress().phase()).isEqualTo(Phase.MOVING);
    }

    @Test
    void onlyWhatIsMeantMoves() {
        states.add("v1", true);
        long meant = states.add("v2", true);

        migrations.follow(
                List.of(
                        migration("t1", Target.DISK, List.of("v2"), List.of("tm-1", "tm-2"), 0.25),
                        new StateMigration(
                                "t2",
                                new JobID(0, 2),
                                2,
                                Target.DISK,
                                List.of(),
                                List.of("tm-2"),
                                1,
                                0.5)));

        assertThat(states.requests).containsExactly(meant + " DISK 0.25 0.5");
        assertThat(migrations.ofJob(JOB))
                .extracting(SubtaskState::progress)
                .extracting(one -> one == null ? 0 : one.keyGroupsWanted())
                .containsExactly(0, 3);
    }

    @Test
    void sameMessageAgainAsksNobodyAgain() {
        states.add("v1", true);

        migrations.follow(List.of(toDisk("t1")));
        migrations.follow(List.of(toDisk("t1")));

        assertThat(states.requests).hasSize(1);
    }

    @Test
    void newRequestReplacesTheOld() {
        long backend = states.add("v1", true);
        migrations.follow(List.of(toDisk("t1")));
        states.moved(backend, 10, 0);

        migrations.follow(List.of(migration("t2", Target.HEAP, List.of(), List.of(), 1)));

        assertThat(states.requests).hasSize(2).last().isEqualTo(backend + " HEAP 1.0 0.5");
        assertThat(progress().trigger()).isEqualTo("t2");
        assertThat(progress().phase()).isEqualTo(Phase.MOVING);
    }

    @Test
    void refusalEndsIt() {
        states.add("v1", false);

        migrations.follow(List.of(toDisk("t1")));

        assertThat(progress())
                .isEqualTo(
                        new MigrationProgress("t1", Phase.FAILED, 10, 0, 0, 0, 0, "It is pinned."));
    }

    @Test
    void failedMoveIsToldAndGoesOn() {
        long backend = states.add("v1", true);
        migrations.follow(List.of(toDisk("t1")));

        states.moved(backend, 3, 1);
        migrations.advance();

        assertThat(progress().phase()).isEqualTo(Phase.MOVING);
        assertThat(progress().error()).isEqualTo("disk full");
    }

    @Test
    void releaseIsDoneAtOnce() {
        states.add("v1", true);

        migrations.follow(List.of(migration("t1", Target.AUTO, List.of(), List.of(), 1)));

        assertThat(progress().phase()).isEqualTo(Phase.DONE);
        assertThat(progress().keyGroupsWanted()).isZero();
    }

    private MigrationProgress progress() {
        MigrationProgress progress = migrations.ofJob(JOB).get(0).progress();
        if (progress == null) {
            throw new AssertionError("There is no progress.");
        }
        return progress;
    }

    private static StateMigration toDisk(String trigger) {
        return migration(trigger, Target.DISK, List.of(), List.of(), 1);
    }

    private static StateMigration migration(
            String trigger,
            Target target,
            List<String> vertices,
            List<String> taskManagers,
            double share) {
        return new StateMigration(trigger, JOB, 1, target, vertices, taskManagers, share, 0.5);
    }
}
