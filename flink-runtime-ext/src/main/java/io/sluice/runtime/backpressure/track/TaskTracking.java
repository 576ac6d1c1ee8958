package io.sluice.runtime.backpressure.track;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.metrics.MetricNames;
import org.apache.flink.runtime.metrics.TimerGauge;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;

import io.sluice.runtime.backpressure.edge.ObservedOutputs;
import io.sluice.runtime.backpressure.load.Episode;
import io.sluice.runtime.backpressure.load.LoadReport;
import io.sluice.runtime.backpressure.load.OutputLoad;
import io.sluice.runtime.backpressure.load.PeriodLoad;
import io.sluice.runtime.backpressure.load.PeriodLoad.Input;
import io.sluice.runtime.backpressure.load.PeriodLoad.JobPart;
import io.sluice.runtime.backpressure.load.ProcessLoad;
import io.sluice.runtime.backpressure.load.SubtaskLoad;
import io.sluice.runtime.backpressure.track.EpisodeDetector.Span;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Tracks all tasks of a TaskManager: looks at their timers every sampling interval, and keeps what
 * they did in each of the last periods.
 *
 * <p><b>Threads.</b> Metrics come and go on whatever thread; a daemon thread samples; {@link
 * #report} may be called by any thread.
 */
public final class TaskTracking implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskTracking.class);

    /** How long periods and ended episodes are kept for a JobManager that was away. */
    private static final Duration KEPT = Duration.ofMinutes(5);

    private static final int KEPT_EPISODES = 10_000;

    private static volatile @Nullable TaskTracking ofProcess;

    private final TrackingSettings settings;
    private final String incarnation = UUID.randomUUID().toString().substring(0, 8);
    private final ProcessTimes process = new ProcessTimes();
    private final Map<ExecutionAttemptID, Arriving> arriving = new ConcurrentHashMap<>();
    private final Map<ExecutionAttemptID, TaskTracker> tasks = new ConcurrentHashMap<>();

    /** Those whose tasks have ended; the sampling thread looks at them once more. */
    private final ConcurrentLinkedQueue<TaskTracker> leaving = new ConcurrentLinkedQueue<>();

    private final Thread sampler;

    /** Guards what follows. */
    private final Object lock = new Object();

    private final Deque<PeriodLoad> periods = new ArrayDeque<>();
    private final Deque<Episode> ended = new ArrayDeque<>();
    private Map<String, Episode> ongoing = Map.of();

    /** Whose tasks have ended since the last period. Of the sampling thread, as what follows. */
    private final List<TaskTracker> endedInPeriod = new ArrayList<>();

    private long collectionMillis = process.collectionMillis();
    private long periodBeganNanos = System.nanoTime();

    private volatile String taskManager = "";
    private volatile boolean suspended;
    private volatile boolean closed;

    /** What is known so far of a task whose metrics are being registered. */
    private static final class Arriving {
        @Nullable TimerGauge soft;
        @Nullable TimerGauge hard;
        @Nullable TimerGauge idle;
        @Nullable Counter recordsIn;
        @Nullable Counter recordsOut;
    }

    private static final class JobLoads {
        final List<SubtaskLoad> subtasks = new ArrayList<>();
        final List<OutputLoad> outputs = new ArrayList<>();
        final Set<Input> inputs = new LinkedHashSet<>();
    }

    TaskTracking(TrackingSettings settings) {
        this.settings = settings;
        this.sampler = new Thread(this::run, "backpressure-sampler");
        sampler.setDaemon(true);
    }

    /** Starts it as the one of this process. */
    static TaskTracking start(TrackingSettings settings) {
        TaskTracking started = new TaskTracking(settings);
        ofProcess = started;
        started.sampler.start();
        return started;
    }

    /** Returns that of this process, or null if backpressure is not tracked here. */
    public static @Nullable TaskTracking ofProcess() {
        return ofProcess;
    }

    /** Takes notice of a metric of a task. */
    void added(String name, Metric metric, TaskMetricGroup group) {
        ExecutionAttemptID id = group.executionId();
        Arriving task = arriving.computeIfAbsent(id, any -> new Arriving());
        switch (name) {
            case MetricNames.IO_NUM_RECORDS_IN -> task.recordsIn = (Counter) metric;
            case MetricNames.IO_NUM_RECORDS_OUT -> task.recordsOut = (Counter) metric;
            case MetricNames.TASK_IDLE_TIME -> task.idle = (TimerGauge) metric;
            case MetricNames.TASK_SOFT_BACK_PRESSURED_TIME -> task.soft = (TimerGauge) metric;
            case MetricNames.TASK_HARD_BACK_PRESSURED_TIME -> task.hard = (TimerGauge) metric;
            default -> throw new IllegalArgumentException(name);
        }
        TimerGauge soft = task.soft;
        TimerGauge hard = task.hard;
        TimerGauge idle = task.idle;
        if (soft != null && hard != null && idle != null) {
            arriving.remove(id);
            taskManager = group.parent().parent().taskManagerId();
            TaskTracker tracker =
                    new TaskTracker(
                            group,
                            new TaskTracker.Timers(
                                    soft, hard, idle, task.recordsIn, task.recordsOut),
                            new EpisodeDetector(settings),
                            process,
                            ObservedOutputs.of(id),
                            System::nanoTime,
                            incarnation);
            if (suspended) {
                tracker.stop();
            }
            tasks.put(id, tracker);
        }
    }

    /** Takes notice of the end of a task. */
    void removed(TaskMetricGroup group) {
        arriving.remove(group.executionId());
        ObservedOutputs.forget(group.executionId());
        TaskTracker task = tasks.remove(group.executionId());
        if (task != null) {
            task.stop();
            leaving.add(task);
        }
    }

    private void run() {
        long interval = settings.samplingInterval().toMillis();
        long period = settings.reportInterval().toMillis();
        long nextSample = nextMultiple(System.currentTimeMillis(), interval);
        long nextCut = nextMultiple(System.currentTimeMillis(), period);
        while (!closed) {
            long now = System.currentTimeMillis();
            if (nextSample - now > interval) {
                // The clock was set back.
                nextSample = nextMultiple(now, interval);
                nextCut = nextMultiple(now, period);
            }
            if (suspended) {
                LockSupport.park(this);
            } else if (now < nextSample) {
                LockSupport.parkNanos(this, Duration.ofMillis(nextSample - now).toNanos());
            } else {
                nextSample = nextMultiple(now, interval);
                try {
                    sample();
                    if (now >= nextCut) {
                        nextCut = nextMultiple(now, period);
                        cut(nextCut - period);
                    }
                } catch (RuntimeException e) {
                    LOG.warn("Could not see whether tasks are held back; tried again.", e);
                }
            }
        }
    }

    private static long nextMultiple(long now, long of) {
        return (now / of + 1) * of;
    }

    private void sample() {
        long nowNanos = System.nanoTime();
        long nowMillis = System.currentTimeMillis();
        List<Episode> over = new ArrayList<>();
        Map<String, Episode> goOn = new LinkedHashMap<>();
        for (TaskTracker task : tasks.values()) {
            add(over, task.sample(), task, nowNanos, nowMillis);
            Span span = task.ongoing();
            if (span != null) {
                Episode episode = task.describe(span, true, taskManager, nowNanos, nowMillis);
                goOn.put(episode.id(), episode);
            }
        }
        for (TaskTracker task = leaving.poll(); task != null; task = leaving.poll()) {
            endedInPeriod.add(task);
            add(over, task.end(), task, nowNanos, nowMillis);
        }
        synchronized (lock) {
            ongoing = goOn;
            ended.addAll(over);
            while (ended.size() > KEPT_EPISODES || isOld(ended.peekFirst(), nowMillis)) {
                ended.removeFirst();
            }
        }
    }

    private void add(
            List<Episode> over,
            @Nullable Span span,
            TaskTracker task,
            long nowNanos,
            long nowMillis) {
        if (span != null) {
            over.add(task.describe(span, false, taskManager, nowNanos, nowMillis));
        }
    }

    private static boolean isOld(@Nullable Episode episode, long nowMillis) {
        return episode != null && nowMillis - episode.endMillis() > KEPT.toMillis();
    }

    private void cut(long endMillis) {
        PeriodLoad period = period(endMillis);
        synchronized (lock) {
            // The clock may have been set back.
            periods.removeIf(other -> other.endMillis() >= endMillis);
            periods.addLast(period);
            while (endMillis - periods.getFirst().endMillis() > KEPT.toMillis()) {
                periods.removeFirst();
            }
        }
    }

    private PeriodLoad period(long endMillis) {
        long nowNanos = System.nanoTime();
        long collections = process.collectionMillis();
        double gc =
                Math.min(1, (collections - collectionMillis) * 1e6 / (nowNanos - periodBeganNanos));
        collectionMillis = collections;
        periodBeganNanos = nowNanos;
        ProcessLoad load = new ProcessLoad(taskManager, gc, process.machineCpu());
        Map<String, JobLoads> jobs = new LinkedHashMap<>();
        endedInPeriod.forEach(task -> report(task, load, jobs));
        endedInPeriod.clear();
        tasks.values().forEach(task -> report(task, load, jobs));
        Map<String, JobPart> parts = new LinkedHashMap<>();
        jobs.forEach(
                (job, loads) ->
                        parts.put(
                                job,
                                new JobPart(
                                        loads.subtasks, loads.outputs, List.copyOf(loads.inputs))));
        return new PeriodLoad(endMillis, settings.reportInterval().toMillis(), load, parts);
    }

    private static void report(TaskTracker task, ProcessLoad load, Map<String, JobLoads> jobs) {
        SubtaskLoad subtask = task.report(load);
        if (subtask != null) {
            JobLoads loads = jobs.computeIfAbsent(task.job(), any -> new JobLoads());
            loads.subtasks.add(subtask);
            loads.outputs.addAll(task.reportOutputs());
            loads.inputs.addAll(task.inputs());
        }
    }

    /** Returns what has happened since the end of the period that the caller knows. */
    public LoadReport report(long sinceEndMillis) {
        synchronized (lock) {
            // A caller that knows of later periods does so from before the clock was set back.
            boolean isSetBack =
                    !periods.isEmpty() && sinceEndMillis > periods.getLast().endMillis();
            long since = isSetBack ? -1 : sinceEndMillis;
            List<Episode> episodes = new ArrayList<>(ongoing.values());
            ended.stream()
                    .filter(
                            episode ->
                                    episode.endMillis()
                                                    + settings.leaveAfter().toMillis()
                                                    + 2 * settings.reportInterval().toMillis()
                                            >= since)
                    .forEach(episodes::add);
            return new LoadReport(
                    settings.edges(),
                    periods.stream().filter(period -> period.endMillis() > since).toList(),
                    episodes);
        }
    }

    /**
     * Follows no task until {@link #resume}, as if tracking were not there: for measuring what it
     * costs the tasks of this process. They count as held back by nobody meanwhile. Reports that
     * are asked for are still made. One caller at a time; no task may begin or end during the call.
     */
    public void suspend() {
        suspended = true;
        tasks.values().forEach(TaskTracker::stop);
    }

    /** Follows all tasks again. */
    public void resume() {
        tasks.values().forEach(TaskTracker::resume);
        suspended = false;
        LockSupport.unpark(sampler);
    }

    /** Ends it; tasks that run are not followed any more. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(sampler);
        tasks.values().forEach(TaskTracker::stop);
        tasks.clear();
        if (ofProcess == this) {
            ofProcess = null;
        }
    }
}
