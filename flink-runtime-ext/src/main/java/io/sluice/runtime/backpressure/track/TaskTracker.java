package io.sluice.runtime.backpressure.track;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.TimerGauge;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;

import io.sluice.runtime.backpressure.edge.ObservedOutputs;
import io.sluice.runtime.backpressure.load.Episode;
import io.sluice.runtime.backpressure.load.OutputLoad;
import io.sluice.runtime.backpressure.load.PeriodLoad.Input;
import io.sluice.runtime.backpressure.load.ProcessLoad;
import io.sluice.runtime.backpressure.load.SubtaskLoad;
import io.sluice.runtime.backpressure.track.EpisodeDetector.Sample;
import io.sluice.runtime.backpressure.track.EpisodeDetector.Span;
import io.sluice.runtime.backpressure.track.StateTimer.Reading;
import org.jspecify.annotations.Nullable;

import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Follows one task: its timers, its episodes, its four metrics.
 *
 * <p><b>Threads.</b> Made and ended by whatever thread makes and ends the task; all else is done by
 * the sampling thread. Metrics are read by anyone.
 */
final class TaskTracker {

    static final String EPISODES = "backPressureEpisodes";
    static final String TOTAL = "backPressureEpisodeMsTotal";
    static final String CURRENT = "backPressureEpisodeCurrentMs";
    static final String LONGEST = "backPressureEpisodeMaxMs";

    private final String job;
    private final String vertex;
    private final int subtask;
    private final int attempt;
    private final String idPrefix;
    private final LongSupplier nanoClock;
    private final ProcessTimes process;
    private final ObservedOutputs outputs;

    private final StateTimer soft;
    private final StateTimer hard;
    private final StateTimer idle;
    private final @Nullable Counter recordsIn;
    private final @Nullable Counter recordsOut;

    private final EpisodeDetector detector;
    private final Counter episodes = new ThreadSafeSimpleCounter();
    private final Counter totalMillis = new ThreadSafeSimpleCounter();
    private volatile long currentMillis;
    private volatile long longestMillis;

    private long begunNanos;
    private long endedEpisodesNanos;
    private Totals sampled;
    private Totals reported;

    /** Whether the task has done anything yet but being set up. */
    private boolean works;

    /** What the timers said at an instant. */
    private record Totals(
            long nanos,
            long softNanos,
            long hardNanos,
            long idleNanos,
            long cpuNanos,
            long records) {}

    /**
     * @param timers of the task, all three
     * @param outputs of the task, as soon as it has made them, where edges are tracked
     * @param incarnation of the TaskManager
     */
    TaskTracker(
            TaskMetricGroup group,
            Timers timers,
            EpisodeDetector detector,
            ProcessTimes process,
            ObservedOutputs outputs,
            LongSupplier nanoClock,
            String incarnation) {
        this.job = group.parent().jobId().toHexString();
        this.vertex = group.executionId().getJobVertexId().toHexString();
        this.subtask = group.subtaskIndex();
        this.attempt = group.attemptNumber();
        this.idPrefix = incarnation + '-' + group.executionId() + '-';
        this.nanoClock = nanoClock;
        this.process = process;
        this.outputs = outputs;
        this.recordsIn = timers.recordsIn();
        this.recordsOut = timers.recordsOut();
        this.detector = detector;
        this.soft = StateTimer.on(timers.soft(), nanoClock);
        this.hard = StateTimer.on(timers.hard(), nanoClock);
        this.idle = StateTimer.on(timers.idle(), nanoClock);
        this.sampled = new Totals(nanoClock.getAsLong(), 0, 0, 0, -1, 0);
        this.reported = sampled;
        group.counter(EPISODES, episodes);
        group.counter(TOTAL, totalMillis);
        group.gauge(CURRENT, () -> currentMillis);
        group.gauge(LONGEST, () -> longestMillis);
    }

    /** What Flink registers of a task, each null until it is there. */
    record Timers(
            TimerGauge soft,
            TimerGauge hard,
            TimerGauge idle,
            @Nullable Counter recordsIn,
            @Nullable Counter recordsOut) {}

    String job() {
        return job;
    }

    /** Stops listening to the task. */
    void stop() {
        soft.stop();
        hard.stop();
        idle.stop();
    }

    /** Listens again after a {@link #stop}. */
    void resume() {
        soft.resume();
        hard.resume();
        idle.resume();
    }

    /**
     * Looks at the timers.
     *
     * @return the episode that has ended since the look before, if one has
     */
    @Nullable Span sample() {
        Reading softNow = soft.read();
        Reading hardNow = hard.read();
        Reading idleNow = idle.read();
        Thread thread = threadOf(hardNow, softNow, idleNow);
        Totals before = sampled;
        Totals now =
                new Totals(
                        nanoClock.getAsLong(),
                        softNow.totalNanos(),
                        hardNow.totalNanos(),
                        idleNow.totalNanos(),
                        thread == null ? -1 : process.cpuNanos(thread),
                        count(recordsIn, before.records));
        sampled = now;
        if (!works) {
            works =
                    softNow.held()
                            || hardNow.held()
                            || idleNow.held()
                            || now.records > 0
                            || count(recordsOut, 0) > 0;
            if (works) {
                reported = before;
                outputs.report(vertex, subtask);
            }
        }
        long hardNanos = now.hardNanos - before.hardNanos;
        long heldNanos = hardNanos + now.softNanos - before.softNanos;
        Span ended =
                detector.add(
                        new Sample(
                                before.nanos,
                                now.nanos,
                                Math.min(heldNanos, now.nanos - before.nanos),
                                hardNanos,
                                first(softNow, hardNow),
                                last(softNow, hardNow)));
        outputs.sample(heldNanos, now.nanos - before.nanos);
        publish(ended);
        return ended;
    }

    /**
     * Returns what a counter says. Flink's sums look at a list that the task's thread fills as it
     * is set up.
     */
    private static long count(@Nullable Counter counter, long otherwise) {
        try {
            return counter == null ? otherwise : counter.getCount();
        } catch (ConcurrentModificationException e) {
            return otherwise;
        }
    }

    private static @Nullable Thread threadOf(Reading... readings) {
        for (Reading reading : readings) {
            if (reading.thread() != null) {
                return reading.thread();
            }
        }
        return null;
    }

    private static long first(Reading soft, Reading hard) {
        if (soft.held() && hard.held()) {
            return soft.firstNanos() - hard.firstNanos() < 0
                    ? soft.firstNanos()
                    : hard.firstNanos();
        }
        return hard.held() ? hard.firstNanos() : soft.firstNanos();
    }

    private static long last(Reading soft, Reading hard) {
        if (soft.held() && hard.held()) {
            return soft.lastNanos() - hard.lastNanos() > 0 ? soft.lastNanos() : hard.lastNanos();
        }
        return hard.held() ? hard.lastNanos() : soft.lastNanos();
    }

    private void publish(@Nullable Span ended) {
        Span ongoing = detector.ongoing();
        if (ended != null) {
            endedEpisodesNanos += ended.durationNanos();
        }
        long current = ongoing == null ? 0 : ongoing.durationNanos();
        if (ongoing != null && begunNanos != ongoing.startNanos()) {
            begunNanos = ongoing.startNanos();
            episodes.inc();
        }
        currentMillis = EpisodeDetector.millis(current);
        longestMillis =
                Math.max(
                        longestMillis,
                        ended == null
                                ? currentMillis
                                : EpisodeDetector.millis(ended.durationNanos()));
        totalMillis.inc(
                EpisodeDetector.millis(endedEpisodesNanos + current) - totalMillis.getCount());
    }

    /** Ends the episode that goes on as the task has ended, after a last look at its timers. */
    @Nullable Span end() {
        Span ended = sample();
        return ended == null ? detector.end() : ended;
    }

    @Nullable Span ongoing() {
        return detector.ongoing();
    }

    /**
     * Returns what the task did since this was called before, or null if it was only being set up.
     */
    @Nullable SubtaskLoad report(ProcessLoad processLoad) {
        Totals before = reported;
        Totals now = sampled;
        reported = now;
        double nanos = now.nanos - before.nanos;
        if (!works || nanos <= 0) {
            return null;
        }
        return new SubtaskLoad(
                vertex,
                subtask,
                attempt,
                share(now.softNanos - before.softNanos, nanos),
                share(now.hardNanos - before.hardNanos, nanos),
                share(now.idleNanos - before.idleNanos, nanos),
                now.cpuNanos < 0 || before.cpuNanos < 0
                        ? Double.NaN
                        : share(now.cpuNanos - before.cpuNanos, nanos),
                Math.max(0, now.records - before.records),
                processLoad);
    }

    /** Returns what the outputs did since this was called before; none if they are not tracked. */
    List<OutputLoad> reportOutputs() {
        return outputs.report(vertex, subtask);
    }

    /** Returns what the task consumes; none if that is not tracked. */
    List<Input> inputs() {
        return outputs.inputs().stream().map(dataSet -> new Input(dataSet, vertex)).toList();
    }

    private static double share(long part, double whole) {
        return Math.max(0, Math.min(1, part / whole));
    }

    /**
     * Returns an episode of this task as it is told to others.
     *
     * @param nowNanos and {@code nowMillis} the same instant by both clocks
     */
    Episode describe(Span span, boolean goesOn, String taskManager, long nowNanos, long nowMillis) {
        long startMillis = nowMillis - EpisodeDetector.millis(nowNanos - span.startNanos());
        return new Episode(
                idPrefix + startId(span),
                job,
                vertex,
                subtask,
                attempt,
                taskManager,
                startMillis,
                EpisodeDetector.millis(span.durationNanos()),
                goesOn,
                span.isHard(),
                span.share());
    }

    /** The same for an episode whenever it is asked for. */
    private static String startId(Span span) {
        return Long.toHexString(span.startNanos());
    }
}
