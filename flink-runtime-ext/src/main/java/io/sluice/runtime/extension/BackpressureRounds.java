package io.sluice.runtime.extension;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;
import org.apache.flink.sluice.rpc.EncodedLoads;
import org.apache.flink.sluice.rpc.JobBackpressure;
import org.apache.flink.sluice.rpc.JobState;
import org.apache.flink.sluice.rpc.TaskManagerExtensionGateway;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.concurrent.FutureUtils;

import io.sluice.runtime.backpressure.history.BackpressureCollector;
import io.sluice.runtime.backpressure.history.HistoryLog;
import io.sluice.runtime.backpressure.history.HistorySettings;
import io.sluice.runtime.backpressure.load.LoadCodec;
import io.sluice.runtime.backpressure.load.LoadReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks all TaskManagers once a period what their tasks did. Used by the main thread of the
 * extension only; a TaskManager that does not answer holds up nothing but the end of its round.
 */
final class BackpressureRounds {

    private static final Logger LOG = LoggerFactory.getLogger(BackpressureRounds.class);

    /** TaskManagers need a moment to sum up a period. */
    private static final Duration LONGEST_DELAY = Duration.ofMillis(300);

    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

    private final HistorySettings settings;
    private final Executor mainThread;
    private final Executor io;
    private final @Nullable HistoryLog log;
    private final BackpressureCollector collector;

    private boolean roundGoesOn;
    private List<JobState.Silent> silent = List.of();

    /** What a TaskManager answered, or why it did not. */
    private record Answer(String taskManager, @Nullable LoadReport report, String reason) {}

    /**
     * @param mainThread of the extension
     * @param io for what blocks
     */
    BackpressureRounds(
            HistorySettings settings,
            GatewayRetriever<? extends RestfulGateway> dispatchers,
            Executor mainThread,
            Executor io) {
        this.settings = settings;
        this.mainThread = mainThread;
        this.io = io;
        this.log = HistoryLog.of(settings, io);
        this.collector =
                new BackpressureCollector(
                        settings, new JobTopologies(dispatchers, mainThread), log);
    }

    /** Returns how long it is until the next round. */
    Duration untilNext(long nowMillis) {
        long interval = settings.reportInterval().toMillis();
        long delay = Math.min(LONGEST_DELAY.toMillis(), interval / 4);
        return Duration.ofMillis(interval - Math.floorMod(nowMillis - delay, interval));
    }

    /** Learns what the leader before has written. */
    void lead() {
        HistoryLog written = log;
        if (written != null) {
            handled(
                    CompletableFuture.supplyAsync(
                                    () -> written.read(System.currentTimeMillis()), io)
                            .thenAcceptAsync(
                                    contents ->
                                            collector.remember(
                                                    contents, System.currentTimeMillis()),
                                    mainThread));
        }
    }

    /**
     * Asks these TaskManagers, unless the round before goes on.
     *
     * @param unreached is told who did not answer
     */
    void begin(
            Map<String, CompletableFuture<TaskManagerExtensionGateway>> taskManagers,
            Consumer<String> unreached) {
        if (roundGoesOn) {
            return;
        }
        roundGoesOn = true;
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        taskManagers.forEach((id, gateway) -> answers.add(ask(id, gateway)));
        handled(
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .thenRunAsync(
                                () -> {
                                    roundGoesOn = false;
                                    end(
                                            answers.stream().map(CompletableFuture::join).toList(),
                                            unreached);
                                },
                                mainThread));
    }

    private CompletableFuture<Answer> ask(
            String id, CompletableFuture<TaskManagerExtensionGateway> gateway) {
        long since = collector.lastOf(id);
        return gateway.thenCompose(
                        taskManager ->
                                taskManager.requestLoads(since, JobManagerExtension.ASK_TIMEOUT))
                .thenApply(loads -> new Answer(id, decoded(loads), ""))
                .completeOnTimeout(
                        new Answer(id, null, "no answer"),
                        JobManagerExtension.ASK_TIMEOUT.toMillis(),
                        TimeUnit.MILLISECONDS)
                .exceptionally(
                        failure ->
                                new Answer(
                                        id,
                                        null,
                                        ExceptionUtils.stripCompletionException(failure)
                                                .toString()));
    }

    private static LoadReport decoded(EncodedLoads loads) {
        return loads.bytes().length == 0
                ? new LoadReport(false, List.of(), List.of())
                : LoadCodec.decode(loads.bytes());
    }

    private void end(List<Answer> answers, Consumer<String> unreached) {
        for (Answer answer : answers) {
            LoadReport report = answer.report();
            if (report == null) {
                unreached.accept(answer.taskManager());
            } else {
                collector.accept(answer.taskManager(), report, System.currentTimeMillis());
            }
        }
        silent =
                answers.stream()
                        .filter(answer -> answer.report() == null)
                        .map(answer -> new JobState.Silent(answer.taskManager(), answer.reason()))
                        .toList();
        collector.roundEnded(
                answers.stream().map(Answer::taskManager).toList(), System.currentTimeMillis());
    }

    JobBackpressure latest(JobID job) {
        return new JobBackpressure(
                new EncodedLoads(LoadCodec.encode(collector.latest(job.toHexString()))), silent);
    }

    BackpressureCollector collector() {
        return collector;
    }

    /** Writes what is left to be written, on a thread of its own: Flink's have ended by then. */
    CompletableFuture<Void> close() {
        HistoryLog written = log;
        return written == null
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(
                                () -> written.close(System.currentTimeMillis()),
                                task -> new Thread(task, "backpressure-history").start())
                        .completeOnTimeout(null, LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void handled(CompletableFuture<?> future) {
        FutureUtils.handleUncaughtException(
                future, (thread, failure) -> LOG.warn("A round of backpressure failed.", failure));
    }
}
