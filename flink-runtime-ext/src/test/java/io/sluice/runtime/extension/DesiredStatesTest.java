package io.sluice.runtime.extension;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.DesiredState;
import org.apache.flink.sluice.rpc.LogLevel;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.StateMigration.Target;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class DesiredStatesTest {

    private static final UUID LEADER = new UUID(0, 1);
    private static final JobID JOB = new JobID(0, 1);

    private final DesiredStates first = new DesiredStates(() -> 1_000);

    @Test
    void eachRequestIsNewerThanTheLastEvenIfTheClockStandsStill() {
        DesiredState before = first.of(LEADER);

        first.put(migration("t1", JOB));
        DesiredState one = first.of(LEADER);
        first.put(migration("t2", JOB));
        DesiredState two = first.of(LEADER);

        assertThat(one.isNewerThan(before)).isTrue();
        assertThat(two.isNewerThan(one)).isTrue();
        assertThat(two.migrations()).extracting(StateMigration::trigger).containsExactly("t2");
        assertThat(two.migrations().get(0).epoch()).isEqualTo(two.epoch());
    }

    @Test
    void newJobManagerAdoptsWhatATaskManagerHeardOfTheOld() {
        first.put(migration("t1", JOB));
        DesiredStates second = new DesiredStates(() -> 2_000);

        boolean news = second.adopt(first.of(LEADER));

        assertThat(news).isTrue();
        assertThat(second.of(LEADER).migrations())
                .extracting(StateMigration::trigger)
                .containsExactly("t1");
        assertThat(second.of(LEADER).isNewerThan(first.of(LEADER))).isTrue();
    }

    @Test
    void newJobManagerWithALateClockIsNewerAllTheSame() {
        first.put(migration("t1", JOB));
        DesiredStates second = new DesiredStates(() -> 10);

        second.adopt(first.of(LEADER));

        assertThat(second.of(LEADER).isNewerThan(first.of(LEADER))).isTrue();
    }

    @Test
    void whatWasRequestedSinceIsNotReplacedByWhatATaskManagerRemembers() {
        first.put(migration("t1", JOB));
        DesiredStates second = new DesiredStates(() -> 2_000);
        second.put(migration("t2", JOB));

        boolean news = second.adopt(first.of(LEADER));

        assertThat(news).isFalse();
        assertThat(second.migration(JOB)).extracting(StateMigration::trigger).isEqualTo("t2");
    }

    @Test
    void ownMessageIsNoNews() {
        first.put(migration("t1", JOB));

        assertThat(first.adopt(first.of(LEADER))).isFalse();
    }

    @Test
    void whatWasAdoptedIsKnownUntilTheOtherJobManagerWantsMore() {
        first.put(migration("t1", JOB));
        DesiredState one = first.of(LEADER);
        DesiredStates second = new DesiredStates(() -> 2_000);

        boolean atFirst = second.knows(one.version());
        second.adopt(one);
        boolean adopted = second.knows(one.version());
        first.put(migration("t2", JOB));
        boolean more = second.knows(first.of(LEADER).version());

        assertThat(atFirst).isFalse();
        assertThat(adopted).isTrue();
        assertThat(more).isFalse();
        assertThat(first.knows(one.version())).isTrue();
    }

    @Test
    void oldestMigrationsAreDropped() {
        for (int job = 0; job <= DesiredStates.MOST_MIGRATIONS; job++) {
            first.put(migration("t" + job, new JobID(0, job)));
        }

        assertThat(first.of(LEADER).migrations()).hasSize(DesiredStates.MOST_MIGRATIONS);
        assertThat(first.migration(new JobID(0, 0))).isNull();
    }

    @Test
    void newLogLevelReplacesTheOneForTheSameLoggerAndTargets() {
        first.put(level("INFO", 9_000));
        first.put(level("DEBUG", 9_000));
        first.put(level("TRACE", 9_000, "tm-1"));

        assertThat(first.logLevels()).extracting(LogLevel::level).containsExactly("DEBUG", "TRACE");
        assertThat(first.logLevels().get(1).epoch()).isEqualTo(first.epoch());
    }

    @Test
    void endOfALogLevelIsNews() {
        first.put(level("DEBUG", 1_001));
        first.put(level("DEFAULT", 1_000, "tm-1"));
        long epoch = first.epoch();

        boolean expired = first.expireLogLevels();
        boolean again = first.expireLogLevels();

        assertThat(expired).isTrue();
        assertThat(again).isFalse();
        assertThat(first.logLevels()).extracting(LogLevel::level).containsExactly("DEBUG");
        assertThat(first.epoch()).isGreaterThan(epoch);
    }

    @Test
    void newJobManagerAdoptsLogLevelsThatHaveNotExpired() {
        first.put(level("DEBUG", 9_000));
        first.put(level("INFO", 1_500, "tm-1"));
        DesiredStates second = new DesiredStates(() -> 2_000);

        boolean news = second.adopt(first.of(LEADER));

        assertThat(news).isTrue();
        assertThat(second.logLevels()).extracting(LogLevel::level).containsExactly("DEBUG");
    }

    @Test
    void endedLogLevelDoesNotComeBackFromATaskManagerThatMissedItsEnd() {
        first.put(level("DEBUG", 9_000));
        DesiredState ofCutOff = first.of(LEADER);
        first.put(level("DEFAULT", 0));
        first.expireLogLevels();
        DesiredState ofOther = first.of(LEADER);

        DesiredStates heardEndFirst = new DesiredStates(() -> 2_000);
        heardEndFirst.adopt(ofOther);
        heardEndFirst.adopt(ofCutOff);
        DesiredStates heardEndLast = new DesiredStates(() -> 2_000);
        heardEndLast.adopt(ofCutOff);
        heardEndLast.adopt(ofOther);

        assertThat(first.logLevels()).isEmpty();
        assertThat(heardEndFirst.logLevels()).isEmpty();
        assertThat(heardEndLast.logLevels()).isEmpty();
    }

    @Test
    void shortenedLogLevelDoesNotComeBackEither() {
        first.put(level("DEBUG", 9_000));
        DesiredState ofCutOff = first.of(LEADER);
        first.put(level("DEBUG", 1_500));
        DesiredStates second = new DesiredStates(() -> 2_000);

        second.adopt(first.of(LEADER));
        second.adopt(ofCutOff);

        assertThat(second.logLevels()).isEmpty();
    }

    @Test
    void levelThatWasEndedBeforeItWasAdoptedDoesNotComeBack() {
        first.put(level("DEBUG", 9_000));
        DesiredStates second = new DesiredStates(() -> 2_000);
        second.put(level("DEFAULT", 0));
        second.expireLogLevels();

        second.adopt(first.of(LEADER));

        assertThat(second.logLevels()).isEmpty();
    }

    @Test
    void levelThatWasShortenedBeforeItWasAdoptedDoesNotComeBack() {
        first.put(level("DEBUG", 9_000));
        AtomicLong now = new AtomicLong(2_000);
        DesiredStates second = new DesiredStates(now::get);
        second.put(level("DEBUG", 3_000));
        now.set(3_000);
        second.expireLogLevels();

        second.adopt(first.of(LEADER));

        assertThat(second.logLevels()).isEmpty();
    }

    @Test
    void endIsForgottenWhenTheLevelWouldHaveExpired() {
        AtomicLong now = new AtomicLong(1_000);
        DesiredStates states = new DesiredStates(now::get);
        states.put(level("DEBUG", 9_000));
        states.put(level("DEFAULT", 0));
        now.set(8_999);
        boolean before = states.expireLogLevels();
        now.set(9_000);

        assertThat(before).isFalse();
        assertThat(states.expireLogLevels()).isTrue();
        assertThat(states.of(LEADER).logLevels()).isEmpty();
    }

    private static LogLevel level(String level, long expires, String... targets) {
        return new LogLevel("io.acme", level, List.of(targets), 0, expires);
    }

    private static StateMigration migration(String trigger, JobID job) {
        return new StateMigration(trigger, job, 0, Target.DISK, List.of(), List.of(), 1, 0.5);
    }
}
