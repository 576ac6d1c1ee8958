package io.sluice.runtime.extension;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.DesiredState;
import org.apache.flink.sluice.rpc.ExtensionAddress;
import org.apache.flink.sluice.rpc.HeartbeatReply;
import org.apache.flink.sluice.rpc.LogLevel;
import org.apache.flink.sluice.rpc.LogLevelState;
import org.apache.flink.sluice.rpc.MigrationAnswer;
import org.apache.flink.sluice.rpc.MigrationAnswer.Outcome;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.StateMigration.Target;
import org.apache.flink.sluice.rpc.TaskManagerExtensionGateway;
import org.apache.flink.sluice.rpc.TaskManagerHeartbeat;
import org.apache.flink.sluice.rpc.TaskManagerState;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

/** What TaskManagers and a new JobManager tell each other. */
class JobManagerExtensionTest {

    private static final UUID SESSION = new UUID(0, 2);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final List<DesiredState> pushed = new ArrayList<>();
    private final TestingRpc rpc = new TestingRpc();
    private final JobManagerExtension jobManager =
            new JobManagerExtension(
                    rpc.service(),
                    TestingRpc.leader(TestingRpc.address(ExtensionAddress.JOB_MANAGER), SESSION),
                    null,
                    CompletableFuture::new,
                    TestingRpc.leader("dispatcher", SESSION),
                    Runnable::run);

    @BeforeEach
    void start() throws Exception {
        rpc.add(
                "tm",
                TestingRpc.gateway(
                        TaskManagerExtensionGateway.class,
                        message -> {
                            if (message instanceof JobID) {
                                return CompletableFuture.completedFuture(
                                        new TaskManagerState("tm-1", -1, List.of()));
                            }
                            pushed.add((DesiredState) message);
                            return CompletableFuture.completedFuture(true);
                        }));
        TestingRpc.start(jobManager);
    }

    @Test
    void taskManagerIsAskedForWhatItHeardOfTheOldJobManagerBeforeItIsToldAnything() {
        DesiredState old = ofOldJobManager("io.acme.old");

        HeartbeatReply first = heartbeat(old.version(), null);
        setLevel("io.acme.new");
        List<DesiredState> pushedBefore = List.copyOf(pushed);
        HeartbeatReply second = heartbeat(old.version(), old);

        assertThat(first).isEqualTo(new HeartbeatReply(null, true));
        assertThat(pushedBefore).isEmpty();
        assertThat(second.tellAll()).isFalse();
        assertThat(loggers(second)).containsExactlyInAnyOrder("io.acme.new", "io.acme.old");
    }

    @Test
    void taskManagerIsNotAskedAgainForWhatItHeardOfTheOldJobManager() {
        DesiredState old = ofOldJobManager("io.acme.old");
        heartbeat(old.version(), old);

        HeartbeatReply reply = heartbeat(old.version(), null);

        assertThat(reply.tellAll()).isFalse();
        assertThat(loggers(reply)).containsExactly("io.acme.old");
    }

    @Test
    void taskManagerThatKnowsAllIsToldNothing() {
        HeartbeatReply first = heartbeat(null, null);
        DesiredState news = first.news();
        HeartbeatReply second = heartbeat(news == null ? null : news.version(), null);
        setLevel("io.acme");

        assertThat(second).isEqualTo(new HeartbeatReply(null, false));
        assertThat(pushed).hasSize(1);
    }

    @Test
    void taskManagerWithANewerEpochOfAnotherJobManagerIsNotUpToDate() {
        DesiredState old = ofOldJobManager("io.acme.old");
        DesiredState later =
                new DesiredState(
                        old.leader(), old.incarnation(), Long.MAX_VALUE, List.of(), List.of());

        heartbeat(later.version(), null);

        assertThat(jobManager.requestLogLevels(TIMEOUT).join().processes())
                .filteredOn(process -> process.target().equals("tm-1"))
                .extracting(LogLevelState.Target::upToDate)
                .containsExactly(false);
    }

    @Test
    void migrationWaitsForATaskManagerThatMayKnowOfAnother() {
        DesiredState old = ofOldJobManager("io.acme.old");
        StateMigration migration =
                new StateMigration(
                        "t1", new JobID(0, 1), 0, Target.DISK, List.of(), List.of(), 1, 0.5);

        heartbeat(old.version(), null);
        MigrationAnswer whileAsked = jobManager.startMigration(migration, TIMEOUT).join();
        heartbeat(old.version(), old);
        MigrationAnswer afterwards = jobManager.startMigration(migration, TIMEOUT).join();

        assertThat(whileAsked)
                .isEqualTo(
                        new MigrationAnswer(
                                Outcome.BUSY,
                                "TaskManagers tm-1 have yet to tell this JobManager which state migrations they know of. Try again in some seconds."));
        assertThat(afterwards.outcome()).isEqualTo(Outcome.NOTHING_TO_MOVE);
    }

    private HeartbeatReply heartbeat(
            DesiredState.@Nullable Version version, @Nullable DesiredState known) {
        return jobManager
                .heartbeat(new TaskManagerHeartbeat("tm-1", "tm", version, known, null), TIMEOUT)
                .join();
    }

    private void setLevel(String logger) {
        assertThat(jobManager.setLogLevel(level(logger), TIMEOUT).join()).isNull();
    }

    private static List<String> loggers(HeartbeatReply reply) {
        DesiredState news = reply.news();
        return news == null ? List.of() : news.logLevels().stream().map(LogLevel::logger).toList();
    }

    private static DesiredState ofOldJobManager(String logger) {
        DesiredStates old = new DesiredStates(System::currentTimeMillis);
        old.put(level(logger));
        return old.of(new UUID(0, 1));
    }

    /** Not for the JobManager, so that the logging of this test stays as it is. */
    private static LogLevel level(String logger) {
        return new LogLevel(
                logger, "DEBUG", List.of("tm-1"), 0, System.currentTimeMillis() + 3_600_000);
    }
}
