package io.sluice.runtime.extension;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.apache.flink.runtime.rpc.RpcEndpoint;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.sluice.rpc.DesiredState;
import org.apache.flink.sluice.rpc.EncodedLoads;
import org.apache.flink.sluice.rpc.ExtensionAddress;
import org.apache.flink.sluice.rpc.HeartbeatReply;
import org.apache.flink.sluice.rpc.JobManagerExtensionGateway;
import org.apache.flink.sluice.rpc.TaskManagerExtensionGateway;
import org.apache.flink.sluice.rpc.TaskManagerHeartbeat;
import org.apache.flink.sluice.rpc.TaskManagerState;
import org.apache.flink.util.concurrent.FutureUtils;

import io.sluice.runtime.backpressure.load.LoadCodec;
import io.sluice.runtime.backpressure.track.TaskTracking;
import io.sluice.runtime.logging.LogLevels;
import io.sluice.runtime.migration.KeyedStates;
import io.sluice.runtime.migration.LocalMigrations;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The extension of a TaskManager. It follows the leading JobManager by itself: it tells every two
 * seconds that it is there, and does what it is told, whenever it comes and whoever leads.
 */
public final class TaskManagerExtension extends RpcEndpoint implements TaskManagerExtensionGateway {

    static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(2);
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

    private final String taskManager;
    private final LeaderRetrievalService jobManagers;
    private final LocalMigrations migrations;
    private final LogLevels logLevels;
    private final List<RepeatedPart> parts;

    private @Nullable Leader leader;
    private @Nullable DesiredState known;
    private boolean heartbeatPending;
    private long nextHeartbeatNanos = System.nanoTime();

    /** The JobManager that this TaskManager follows. */
    private static final class Leader {
        final UUID session;
        final String address;
        @Nullable CompletableFuture<JobManagerExtensionGateway> gateway;
        boolean failed;

        /** It asked for all that is known here. */
        boolean lacksWhatIsKnown;

        Leader(UUID session, String address) {
            this.session = session;
            this.address = address;
        }
    }

    /**
     * @param taskManager resource id
     * @param jobManagers tells the leading ResourceManager; not started
     */
    public TaskManagerExtension(
            RpcService rpcService,
            String taskManager,
            LeaderRetrievalService jobManagers,
            KeyedStates states) {
        super(rpcService, ExtensionAddress.TASK_MANAGER);
        this.taskManager = taskManager;
        this.jobManagers = jobManagers;
        this.logLevels = LogLevels.ofProcess(taskManager);
        this.migrations =
                new LocalMigrations(
                        taskManager,
                        states,
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        this.parts =
                List.of(
                        new RepeatedPart(
                                log,
                                "migrate all state that is to be migrated",
                                LOOK_INTERVAL,
                                migrations::advance),
                        new RepeatedPart(
                                log, "see to the log levels", LOOK_INTERVAL, logLevels::advance),
                        new RepeatedPart(
                                log,
                                "tell the JobManager that this TaskManager is there",
                                LOOK_INTERVAL,
                                this::heartbeatIfDue));
    }

    @Override
    protected void onStart() throws Exception {
        jobManagers.start(
                new LeaderRetrievalListener() {
                    @Override
                    public void notifyLeaderAddress(
                            @Nullable String address, @Nullable UUID session) {
                        runAsync(() -> follow(address, session));
                    }

                    @Override
                    public void handleError(Exception e) {
                        log.warn(
                                "Cannot see which JobManager leads: messages of Sluice wait until that works again.",
                                e);
                    }
                });
        look();
    }

    @Override
    protected CompletableFuture<Void> onStop() {
        try {
            jobManagers.stop();
            return CompletableFuture.completedFuture(null);
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void follow(@Nullable String address, @Nullable UUID session) {
        leader =
                address == null || session == null
                        ? null
                        : new Leader(session, ExtensionAddress.ofJobManager(address));
        heartbeatPending = false;
        nextHeartbeatNanos = System.nanoTime();
    }

    private void look() {
        try {
            parts.forEach(RepeatedPart::run);
        } finally {
            scheduleRunAsync(this::look, LOOK_INTERVAL);
        }
    }

    private void heartbeatIfDue() {
        Leader current = leader;
        if (current != null && !heartbeatPending && System.nanoTime() - nextHeartbeatNanos >= 0) {
            heartbeat(current);
        }
    }

    private void heartbeat(Leader to) {
        CompletableFuture<JobManagerExtensionGateway> gateway = to.gateway;
        if (gateway == null) {
            gateway = getRpcService().connect(to.address, JobManagerExtensionGateway.class);
            to.gateway = gateway;
        }
        heartbeatPending = true;
        TaskManagerHeartbeat heartbeat =
                new TaskManagerHeartbeat(
                        taskManager,
                        getAddress(),
                        known == null ? null : known.version(),
                        to.lacksWhatIsKnown ? known : null,
                        logLevels.problem());
        FutureUtils.handleUncaughtException(
                gateway.thenCompose(
                                jobManager -> jobManager.heartbeat(heartbeat, HEARTBEAT_TIMEOUT))
                        .handleAsync(
                                (reply, failure) -> {
                                    heartbeatEnded(to, reply, failure);
                                    return null;
                                },
                                getMainThreadExecutor()),
                (thread, failure) -> log.debug("After the end of the endpoint.", failure));
    }

    private void heartbeatEnded(
            Leader to, @Nullable HeartbeatReply reply, @Nullable Throwable failure) {
        if (to != leader) {
            return;
        }
        heartbeatPending = false;
        nextHeartbeatNanos = System.nanoTime() + HEARTBEAT_INTERVAL.toNanos();
        if (reply == null) {
            heartbeatFailed(to, failure);
        } else {
            heartbeatAnswered(to, reply);
        }
    }

    private void heartbeatFailed(Leader to, @Nullable Throwable failure) {
        to.gateway = null;
        if (to.failed) {
            log.debug("Still no extension at {}.", to.address, failure);
        } else {
            to.failed = true;
            log.info(
                    "The JobManager does not answer at {}; what is wanted of this TaskManager over REST does not reach it until it does, nor does its backpressure the JobManager. Tried again every {} s.",
                    to.address,
                    HEARTBEAT_INTERVAL.toSeconds(),
                    failure);
        }
    }

    private void heartbeatAnswered(Leader by, HeartbeatReply reply) {
        by.failed = false;
        DesiredState news = reply.news();
        if (news != null) {
            take(news);
        }
        boolean isFirstQuestion = reply.tellAll() && !by.lacksWhatIsKnown;
        by.lacksWhatIsKnown = reply.tellAll();
        if (isFirstQuestion) {
            heartbeat(by);
        }
    }

    @Override
    public CompletableFuture<Boolean> apply(DesiredState desired, Duration timeout) {
        return CompletableFuture.completedFuture(take(desired));
    }

    private boolean take(DesiredState desired) {
        Leader current = leader;
        if (current == null || !current.session.equals(desired.leader())) {
            log.info(
                    "Refused a message of JobManager session {}: this TaskManager follows {}.",
                    desired.leader(),
                    current == null ? "none now" : current.session);
            return false;
        }
        if (known != null && !desired.isNewerThan(known)) {
            return false;
        }
        known = desired;
        migrations.follow(desired.migrations());
        logLevels.follow(desired.logLevels());
        return true;
    }

    @Override
    public CompletableFuture<TaskManagerState> requestState(JobID job, Duration timeout) {
        return CompletableFuture.completedFuture(
                new TaskManagerState(
                        taskManager, known == null ? -1 : known.epoch(), migrations.ofJob(job)));
    }

    @Override
    public CompletableFuture<EncodedLoads> requestLoads(long sinceMillis, Duration timeout) {
        TaskTracking tracking = TaskTracking.ofProcess();
        return CompletableFuture.completedFuture(
                new EncodedLoads(
                        tracking == null
                                ? new byte[0]
                                : LoadCodec.encode(tracking.report(sinceMillis))));
    }
}
