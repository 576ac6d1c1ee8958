package io.sluice.runtime.extension;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.apache.flink.runtime.rpc.RpcEndpoint;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;
import org.apache.flink.sluice.rpc.DesiredState;
import org.apache.flink.sluice.rpc.ExtensionAddress;
import org.apache.flink.sluice.rpc.HeartbeatReply;
import org.apache.flink.sluice.rpc.JobBackpressure;
import org.apache.flink.sluice.rpc.JobManagerExtensionGateway;
import org.apache.flink.sluice.rpc.JobState;
import org.apache.flink.sluice.rpc.LogLevel;
import org.apache.flink.sluice.rpc.LogLevelState;
import org.apache.flink.sluice.rpc.MigrationAnswer;
import org.apache.flink.sluice.rpc.MigrationAnswer.Outcome;
import org.apache.flink.sluice.rpc.PastBackpressure;
import org.apache.flink.sluice.rpc.PastEpisodes;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.TaskManagerExtensionGateway;
import org.apache.flink.sluice.rpc.TaskManagerHeartbeat;
import org.apache.flink.sluice.rpc.TaskManagerState;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.concurrent.FutureUtils;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.history.HistorySettings;
import io.sluice.runtime.logging.LogLevels;
import io.sluice.runtime.migration.MigrationRules;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The extension of a JobManager: knows the TaskManagers by their heartbeats, what users desire of
 * them, and asks them on behalf of REST handlers. No answer waits for a TaskManager for longer than
 * {@link #ASK_TIMEOUT}.
 */
public final class JobManagerExtension extends RpcEndpoint implements JobManagerExtensionGateway {

    static final Duration ASK_TIMEOUT = Duration.ofSeconds(2);

    /** A TaskManager that has been silent for this long is not asked, but still told of. */
    private static final Duration SILENT_AFTER =
            TaskManagerExtension.HEARTBEAT_INTERVAL.multipliedBy(5);

    /** After this it is forgotten. */
    private static final Duration GONE_AFTER = SILENT_AFTER.multipliedBy(2);

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    /** A migration that no TaskManager tells of for this long is not watched any more. */
    private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(5);

    private final LeaderRetrievalService leaders;
    private final LeaderRetrievalService dispatcherLeaders;
    private final DesiredStates desired = new DesiredStates(System::currentTimeMillis);
    private final LogLevels logLevels = LogLevels.ofProcess(LogLevel.JOB_MANAGER);
    private final List<RepeatedPart> parts =
            List.of(
                    new RepeatedPart(
                            log,
                            "end the log levels whose time is over",
                            WATCH_INTERVAL,
                            this::expireLogLevels),
                    new RepeatedPart(
                            log, "see to the log levels", WATCH_INTERVAL, logLevels::advance),
                    new RepeatedPart(
                            log,
                            "look at the state migrations",
                            WATCH_INTERVAL,
                            this::watchMigrations));
    private final Map<String, TaskManager> taskManagers = new HashMap<>();

    /** Of each migration that is there, what TaskManagers last said of it. */
    private final Map<String, Watched> watched = new HashMap<>();

    /** Null if backpressure is not tracked. */
    private final @Nullable BackpressureRounds backpressure;

    /** Session of this JobManager while it leads. */
    private @Nullable UUID session;

    private static final class TaskManager {
        final String id;
        final String address;
        final CompletableFuture<TaskManagerExtensionGateway> gateway;
        long lastSeenNanos;

        /** An ask failed: perhaps it is another process at the same address by now. */
        volatile boolean unreached;

        /** Of the desired state that it knows. */
        long epoch = -1;

        /** It knows what this JobManager does not: what it is told before that would replace it. */
        boolean isAsked;

        @Nullable String logProblem;

        TaskManager(
                String id, String address, CompletableFuture<TaskManagerExtensionGateway> gateway) {
            this.id = id;
            this.address = address;
            this.gateway = gateway;
        }

        Duration silence() {
            return Duration.ofNanos(System.nanoTime() - lastSeenNanos);
        }
    }

    /** A migration, looked at until nothing moves any more, so that its end is known. */
    private static final class Watched {
        List<TaskManagerState> lastProgress = List.of();
        boolean settled;
        long giveUpNanos = System.nanoTime() + GIVE_UP_AFTER.toNanos();
    }

    /** What a TaskManager answered, or why it did not. */
    private record Answer(@Nullable TaskManagerState state, JobState.@Nullable Silent silent) {}

    /**
     * @param leaders tells the leading ResourceManager; not started
     * @param backpressure what to remember of it; null if it is not tracked
     * @param dispatchers finds the leading Dispatcher
     * @param dispatcherLeaders tells {@code dispatchers} who that is; started, and stopped here
     * @param io for what blocks
     */
    public JobManagerExtension(
            RpcService rpcService,
            LeaderRetrievalService leaders,
            @Nullable HistorySettings backpressure,
            GatewayRetriever<? extends RestfulGateway> dispatchers,
            LeaderRetrievalService dispatcherLeaders,
            Executor io) {
        super(rpcService, ExtensionAddress.JOB_MANAGER);
        this.leaders = leaders;
        this.dispatcherLeaders = dispatcherLeaders;
        this.backpressure =
                backpressure == null
                        ? null
                        : new BackpressureRounds(
                                backpressure, dispatchers, getMainThreadExecutor(), io);
    }

    @Override
    protected void onStart() throws Exception {
        leaders.start(
                new LeaderRetrievalListener() {
                    @Override
                    public void notifyLeaderAddress(
                            @Nullable String address, @Nullable UUID newSession) {
                        runAsync(() -> leads(address, newSession));
                    }

                    @Override
                    public void handleError(Exception e) {
                        log.warn("Cannot see which JobManager leads.", e);
                    }
                });
        watch();
        if (backpressure != null) {
            scheduleRound(backpressure);
        }
    }

    private void scheduleRound(BackpressureRounds rounds) {
        scheduleRunAsync(
                () -> {
                    try {
                        if (session != null) {
                            rounds.begin(
                                    present().stream()
                                            .collect(
                                                    Collectors.toMap(
                                                            taskManager -> taskManager.id,
                                                            taskManager -> taskManager.gateway)),
                                    this::unreached);
                        }
                    } finally {
                        scheduleRound(rounds);
                    }
                },
                rounds.untilNext(System.currentTimeMillis()));
    }

    private void unreached(String id) {
        TaskManager taskManager = taskManagers.get(id);
        if (taskManager != null) {
            taskManager.unreached = true;
        }
    }

    /**
     * Looks at the migrations that are under way, ends log levels whose time is over, and forgets
     * TaskManagers that have gone.
     */
    private void watch() {
        try {
            present();
            parts.forEach(RepeatedPart::run);
        } finally {
            scheduleRunAsync(this::watch, WATCH_INTERVAL);
        }
    }

    private void expireLogLevels() {
        if (desired.expireLogLevels()) {
            changed();
        }
    }

    private void watchMigrations() {
        List<StateMigration> migrations = desired.migrations();
        watched.keySet().retainAll(migrations.stream().map(StateMigration::trigger).toList());
        for (StateMigration migration : migrations) {
            Watched one = watched.computeIfAbsent(migration.trigger(), any -> new Watched());
            if (!one.settled && System.nanoTime() - one.giveUpNanos < 0) {
                FutureUtils.handleUncaughtException(
                        requestJobState(migration.job(), ASK_TIMEOUT),
                        (thread, failure) -> log.debug("Could not look.", failure));
            }
        }
    }

    private void note(StateMigration migration, List<TaskManagerState> states) {
        if (MigrationRules.hasProgress(migration, states)) {
            Watched one = watched.computeIfAbsent(migration.trigger(), any -> new Watched());
            one.lastProgress = states;
            one.settled = MigrationRules.isSettled(migration, states);
            one.giveUpNanos = System.nanoTime() + GIVE_UP_AFTER.toNanos();
        }
    }

    @Override
    protected CompletableFuture<Void> onStop() {
        try {
            leaders.stop();
            dispatcherLeaders.stop();
            return backpressure == null
                    ? CompletableFuture.completedFuture(null)
                    : backpressure.close();
        } catch (Exception e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void leads(@Nullable String address, @Nullable UUID newSession) {
        UUID before = session;
        session =
                address != null && ExtensionAddress.isSameProcess(address, getAddress())
                        ? newSession
                        : null;
        if (backpressure != null && before == null && session != null) {
            backpressure.lead();
        }
    }

    @Override
    public CompletableFuture<HeartbeatReply> heartbeat(
            TaskManagerHeartbeat heartbeat, Duration timeout) {
        TaskManager sender = taskManagers.get(heartbeat.taskManager());
        if (sender == null
                || !sender.address.equals(heartbeat.address())
                || sender.unreached
                || sender.gateway.isCompletedExceptionally()) {
            sender =
                    new TaskManager(
                            heartbeat.taskManager(),
                            heartbeat.address(),
                            getRpcService()
                                    .connect(
                                            heartbeat.address(),
                                            TaskManagerExtensionGateway.class));
            taskManagers.put(sender.id, sender);
        }
        DesiredState.Version version = heartbeat.version();
        DesiredState known = heartbeat.known();
        sender.lastSeenNanos = System.nanoTime();
        sender.epoch = version == null ? -1 : version.epoch();
        sender.logProblem = heartbeat.logProblem();
        if (known != null && desired.adopt(known)) {
            changed();
        }
        sender.isAsked = version != null && !desired.knows(version);
        UUID current = session;
        boolean isNews = !sender.isAsked && sender.epoch < desired.epoch();
        return CompletableFuture.completedFuture(
                new HeartbeatReply(
                        isNews && current != null ? desired.of(current) : null, sender.isAsked));
    }

    /**
     * Does here what is desired now, and tells all TaskManagers; those that miss it hear it when
     * they next say that they are there.
     */
    private void changed() {
        logLevels.follow(desired.logLevels());
        UUID current = session;
        if (current == null) {
            return;
        }
        DesiredState message = desired.of(current);
        for (TaskManager taskManager : present()) {
            if (taskManager.isAsked) {
                continue;
            }
            FutureUtils.handleUncaughtException(
                    taskManager.gateway.thenCompose(gateway -> gateway.apply(message, ASK_TIMEOUT)),
                    (thread, failure) -> {
                        taskManager.unreached = true;
                        log.debug("{} was not reached.", taskManager.id, failure);
                    });
        }
    }

    private List<TaskManager> present() {
        taskManagers
                .values()
                .removeIf(taskManager -> taskManager.silence().compareTo(GONE_AFTER) > 0);
        return taskManagers.values().stream()
                .filter(taskManager -> taskManager.silence().compareTo(SILENT_AFTER) <= 0)
                .toList();
    }

    @Override
    public CompletableFuture<MigrationAnswer> startMigration(
            StateMigration migration, Duration timeout) {
        StateMigration before = desired.migration(migration.job());
        return requestJobState(migration.job(), timeout)
                .thenApplyAsync(
                        state -> {
                            StateMigration last = desired.migration(migration.job());
                            if (last != null && !last.equals(before)) {
                                return new MigrationAnswer(
                                        Outcome.BUSY,
                                        "State migration %s of job %s began at the same time. Wait until it is done."
                                                .formatted(last.trigger(), last.job()));
                            }
                            List<String> asked = asked();
                            if (!asked.isEmpty()) {
                                return new MigrationAnswer(
                                        Outcome.BUSY,
                                        "TaskManagers %s have yet to tell this JobManager which state migrations they know of. Try again in some seconds."
                                                .formatted(String.join(", ", asked)));
                            }
                            MigrationAnswer answer =
                                    MigrationRules.answer(migration, state, taskManagers.keySet());
                            if (answer.outcome() == Outcome.ACCEPTED) {
                                start(migration);
                            }
                            return answer;
                        },
                        getMainThreadExecutor());
    }

    /** Returns the ids of those that may know of a migration that this JobManager does not. */
    private List<String> asked() {
        return present().stream()
                .filter(taskManager -> taskManager.isAsked)
                .map(taskManager -> taskManager.id)
                .sorted()
                .toList();
    }

    private void start(StateMigration migration) {
        desired.put(migration);
        log.info(
                "State migration {} of job {}: {} % of the key groups to {}, vertices {}, TaskManagers {}.",
                migration.trigger(),
                migration.job(),
                Math.round(100 * migration.share()),
                migration.target(),
                migration.vertices().isEmpty() ? "all" : migration.vertices(),
                migration.taskManagers().isEmpty() ? "all" : migration.taskManagers());
        changed();
    }

    @Override
    public CompletableFuture<JobState> requestJobState(JobID job, Duration timeout) {
        List<TaskManager> asked = present();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (TaskManager taskManager : asked) {
            answers.add(ask(taskManager, job));
        }
        for (TaskManager taskManager : taskManagers.values()) {
            if (!asked.contains(taskManager)) {
                answers.add(
                        CompletableFuture.completedFuture(
                                silent(
                                        taskManager,
                                        "no sign of it for %d s"
                                                .formatted(taskManager.silence().toSeconds()))));
            }
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        done -> {
                            List<Answer> all =
                                    answers.stream().map(CompletableFuture::join).toList();
                            return jobState(
                                    job,
                                    all.stream()
                                            .map(Answer::state)
                                            .filter(Objects::nonNull)
                                            .toList(),
                                    all.stream()
                                            .map(Answer::silent)
                                            .filter(Objects::nonNull)
                                            .toList());
                        },
                        getMainThreadExecutor());
    }

    private JobState jobState(
            JobID job, List<TaskManagerState> states, List<JobState.Silent> silent) {
        StateMigration migration = desired.migration(job);
        if (migration == null) {
            return new JobState(states, silent, null, List.of());
        }
        note(migration, states);
        Watched seen = watched.get(migration.trigger());
        return new JobState(
                states, silent, migration, seen == null ? List.of() : seen.lastProgress);
    }

    @Override
    public CompletableFuture<@Nullable String> setLogLevel(LogLevel level, Duration timeout) {
        List<String> unknown =
                level.targets().stream()
                        .filter(target -> !target.equals(LogLevel.JOB_MANAGER))
                        .filter(target -> !taskManagers.containsKey(target))
                        .toList();
        if (!unknown.isEmpty()) {
            return CompletableFuture.completedFuture(
                    "There is no TaskManager %s. Targets are: %s."
                            .formatted(String.join(", ", unknown), String.join(", ", targets())));
        }
        log.info(
                "Log level of '{}' is to be {} in {}.",
                level.logger(),
                level.level(),
                level.targets().isEmpty() ? "all processes" : level.targets());
        desired.put(level);
        desired.expireLogLevels();
        changed();
        return CompletableFuture.completedFuture(null);
    }

    private List<String> targets() {
        return Stream.concat(
                        Stream.of(LogLevel.JOB_MANAGER), taskManagers.keySet().stream().sorted())
                .toList();
    }

    @Override
    public CompletableFuture<LogLevelState> requestLogLevels(Duration timeout) {
        List<LogLevelState.Target> processes = new ArrayList<>();
        processes.add(new LogLevelState.Target(LogLevel.JOB_MANAGER, true, logLevels.problem()));
        present().stream()
                .sorted(Comparator.comparing(taskManager -> taskManager.id))
                .map(
                        taskManager ->
                                new LogLevelState.Target(
                                        taskManager.id,
                                        !taskManager.isAsked
                                                && taskManager.epoch >= desired.epoch(),
                                        taskManager.logProblem))
                .forEach(processes::add);
        return CompletableFuture.completedFuture(new LogLevelState(desired.logLevels(), processes));
    }

    private static CompletableFuture<Answer> ask(TaskManager taskManager, JobID job) {
        return taskManager
                .gateway
                .thenCompose(gateway -> gateway.requestState(job, ASK_TIMEOUT))
                .orTimeout(ASK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .handle(
                        (state, failure) -> {
                            if (failure == null) {
                                return new Answer(state, null);
                            }
                            taskManager.unreached = true;
                            return silent(
                                    taskManager,
                                    ExceptionUtils.stripCompletionException(failure).toString());
                        });
    }

    private static Answer silent(TaskManager taskManager, String reason) {
        return new Answer(null, new JobState.Silent(taskManager.id, reason));
    }

    @Override
    public CompletableFuture<JobBackpressure> requestBackpressure(JobID job, Duration timeout) {
        return CompletableFuture.completedFuture(tracked().latest(job));
    }

    @Override
    public CompletableFuture<PastBackpressure> requestBackpressureHistory(
            JobID job, long fromMillis, long toMillis, long stepMillis, Duration timeout) {
        return CompletableFuture.completedFuture(
                tracked().collector().between(job.toHexString(), fromMillis, toMillis, stepMillis));
    }

    @Override
    public CompletableFuture<PastEpisodes> requestEpisodes(
            JobID job, @Nullable String vertex, int limit, Duration timeout) {
        return CompletableFuture.completedFuture(
                tracked().collector().episodes(job.toHexString(), vertex, limit));
    }

    /** REST handlers do not ask where it is not. */
    private BackpressureRounds tracked() {
        if (backpressure == null) {
            throw new IllegalStateException(
                    "Backpressure is not tracked: set '%s' to true in this JobManager."
                            .formatted(RuntimeOptions.BACKPRESSURE_ENABLED.key()));
        }
        return backpressure;
    }
}
