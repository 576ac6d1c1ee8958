package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.util.function.ThrowingRunnable;

import io.sluice.state.adaptive.control.BackendStatus;
import io.sluice.state.adaptive.control.ManagedBackend;
import io.sluice.state.adaptive.placement.BackendLoad;
import io.sluice.state.adaptive.placement.GroupMove;
import io.sluice.state.adaptive.placement.KeyGroupLoad;
import io.sluice.state.adaptive.placement.Motion;
import io.sluice.state.adaptive.placement.PlacementMode;
import io.sluice.state.adaptive.placement.SlotBudget;
import io.sluice.state.adaptive.placement.Tier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs the moves of one backend as mails of its task, and tells others about them.
 *
 * <p><b>Threads.</b> What touches state runs on the task thread, as a mail, one at a time. The
 * methods of {@link ManagedBackend} may be called from anywhere.
 */
final class MoveDriver implements ManagedBackend, AutoCloseable {

    /*
     * A slice takes `slice`, then the task works on records until slices have had their share of
     * its time; the timer sends the next mail. Half of the time that records leave is used as well.
     * While RocksDB is behind, or a failed move backs off, the timer waits longer.
     */

    private static final Logger LOG = LoggerFactory.getLogger(MoveDriver.class);

    private static final AtomicLong NEXT_ID = new AtomicLong();
    private static final long REPORT_EVERY_MILLIS = 1000;
    private static final int PROBE_TICKS = 5;
    private static final long WAIT_NANOS = 20_000_000L;
    private static final int HISTOGRAM_SIZE = 1024;
    private static final long FREE_TIME_WINDOW_NANOS = 50_000_000L;

    /** Of the time that records leave, so that their work can grow as state goes to disk. */
    private static final double USED_FREE_TIME = 0.5;

    /** Which subtask a backend belongs to. */
    record Subtask(
            String jobId,
            String vertexId,
            String task,
            int subtask,
            int attempt,
            String operator,
            SlotBudget budget) {}

    private final long id = NEXT_ID.incrementAndGet();
    private final Subtask subtask;
    private final PlacementMode mode;
    private final AdaptiveKeyedStateBackend<?> backend;

    /** Flink makes a backend on the thread that will use it. */
    private final Thread taskThread = Thread.currentThread();

    private final MailboxExecutor mailbox;
    private final ScheduledExecutorService timer;
    private final LongSupplier idleMillis;
    private final long sliceNanos;
    private final Histogram sliceMicros = new DescriptiveStatisticsHistogram(HISTOGRAM_SIZE);
    private final Consumer<ManagedBackend> onClose;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean sliceOnItsWay = new AtomicBoolean();
    private final AtomicBoolean reportOnItsWay = new AtomicBoolean();

    /** What a decision at the normal pace gives. */
    private final double normalShare;

    private volatile double decidedShare;

    private volatile BackendLoad load;
    private volatile BackendStatus status;
    private volatile @Nullable String lastReason;
    private volatile boolean closed;

    // Owned by the timer.
    private int ticksWithoutReport;

    // Owned by the task thread.
    private final BitSet requested = new BitSet();

    /** While key groups move that somebody asked for, at the pace they asked for. */
    private double requestedShare;

    private boolean requestRuns;
    private @Nullable Future<?> armedSlice;
    private double freeShare;
    private long slicedNanos;
    private long lastIdleMillis;
    private long lastIdleNanos = System.nanoTime();

    /**
     * @param timer sends mails; the driver cancels nothing on it, but ignores it once closed
     * @param onClose called once, when the backend is closed or its task has ended
     * @param idleMillis for how long the task has had nothing to do, ever growing
     */
    MoveDriver(
            Subtask subtask,
            PlacementMode mode,
            AdaptiveKeyedStateBackend<?> backend,
            MailboxExecutor mailbox,
            ScheduledExecutorService timer,
            LongSupplier idleMillis,
            MoveSettings settings,
            Consumer<ManagedBackend> onClose) {
        this.subtask = subtask;
        this.mode = mode;
        this.backend = backend;
        this.mailbox = mailbox;
        this.timer = timer;
        this.idleMillis = idleMillis;
        this.sliceNanos = settings.slice().toNanos();
        this.normalShare = settings.share();
        this.decidedShare = normalShare;
        this.onClose = onClose;
        this.load = backend.measureLoad(id, subtask.operator(), subtask.budget(), group -> false);
        this.status = newStatus();
        schedule(this::mailReport, REPORT_EVERY_MILLIS * 1_000_000L);
    }

    // --- from any thread -------------------------------------------------------------------------

    @Override
    public long id() {
        return id;
    }

    @Override
    public PlacementMode mode() {
        return mode;
    }

    @Override
    public BackendLoad load() {
        return load;
    }

    @Override
    public BackendStatus status() {
        return status;
    }

    Histogram sliceMicros() {
        return sliceMicros;
    }

    @Override
    public void decideMoves(Collection<GroupMove> moves, double paceFactor, String reason) {
        setPace(paceFactor);
        List<GroupMove> copy = List.copyOf(moves);
        mail(() -> startMoves(copy, reason), "request state moves");
    }

    @Override
    public void requestMoves(Collection<GroupMove> moves, double share, String reason) {
        List<GroupMove> copy = List.copyOf(moves);
        mail(
                () -> {
                    requestedShare = share;
                    copy.forEach(move -> requested.set(move.keyGroup()));
                    startMoves(copy, reason);
                },
                "request state moves");
    }

    private void startMoves(List<GroupMove> moves, String reason) {
        lastReason = reason;
        moves.forEach(move -> backend.requestMove(move.keyGroup(), move.target()));
        report();
        mailSlice();
    }

    @Override
    public void stopMoves() {
        mail(
                () -> {
                    backend.moves().stopAll().forEach(requested::set);
                    report();
                },
                "stop state moves");
    }

    @Override
    public void release() {
        mail(requested::clear, "release placed state");
    }

    @Override
    public void setPace(double factor) {
        decidedShare = Math.min(1, normalShare * factor);
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            closed = true;
            onClose.accept(this);
        }
    }

    private boolean mail(ThrowingRunnable<Exception> command, String description) {
        if (closed) {
            return false;
        }
        try {
            mailbox.execute(
                    () -> {
                        // Some mailboxes of tests run their mails on the thread that sends them.
                        if (!closed && Thread.currentThread() == taskThread) {
                            command.run();
                        }
                    },
                    description);
            return true;
        } catch (RejectedExecutionException e) {
            // Flink does not dispose of every backend, for instance of one whose changelog could
            // not be replayed from local state.
            LOG.debug(
                    "The task of {} has ended: '{}' is dropped.", subtask.operator(), description);
            close();
            return false;
        }
    }

    private void schedule(Runnable task, long delayNanos) {
        if (closed) {
            return;
        }
        try {
            Future<?> unused = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The coordinator has stopped: {} is closing.", subtask.operator());
        }
    }

    /** On the task thread. At most one slice is armed, so that requests do not add up. */
    private void armSlice(long delayNanos) {
        disarmSlice();
        if (!closed) {
            try {
                armedSlice = timer.schedule(this::mailSlice, delayNanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("The coordinator has stopped: {} is closing.", subtask.operator());
            }
        }
    }

    private void disarmSlice() {
        if (armedSlice != null) {
            armedSlice.cancel(false);
            armedSlice = null;
        }
    }

    private void mailSlice() {
        if (sliceOnItsWay.compareAndSet(false, true)) {
            boolean accepted = false;
            try {
                accepted = mail(this::slice, "move state");
            } finally {
                if (!accepted) {
                    sliceOnItsWay.set(false);
                }
            }
        }
    }

    private void mailReport() {
        schedule(this::mailReport, REPORT_EVERY_MILLIS * 1_000_000L);
        // A mailbox that is closed drops its mails: so, now and then, send one more.
        if (reportOnItsWay.compareAndSet(false, true) || ++ticksWithoutReport >= PROBE_TICKS) {
            ticksWithoutReport = 0;
            mail(this::reportAndGoOn, "measure state");
        }
    }

    // --- on the task thread ----------------------------------------------------------------------

    private void slice() {
        sliceOnItsWay.set(false);
        disarmSlice();
        long start = System.nanoTime();
        KeyGroupMoves.Progress progress =
                backend.runSlice(new Slice(start + sliceNanos, Integer.MAX_VALUE));
        long took = System.nanoTime() - start;
        switch (progress) {
            case IDLE -> report();
            case WAITING -> armSlice(WAIT_NANOS);
            case BUSY -> {
                sliceMicros.update(took / 1000);
                slicedNanos += took;
                measureFreeTime(start + took);
                double share = requestRuns ? requestedShare : decidedShare;
                double effective = share >= 1 ? 1 : Math.max(share, USED_FREE_TIME * freeShare);
                if (effective >= 1) {
                    mailSlice();
                } else {
                    armSlice((long) (took * (1 / effective - 1)));
                }
            }
        }
    }

    private void reportAndGoOn() {
        reportOnItsWay.set(false);
        report();
        if (backend.moves().isPending() && armedSlice == null) {
            mailSlice();
        }
    }

    private void report() {
        measureFreeTime(System.nanoTime());
        backend.moves().closeStaleScans();
        load =
                backend.measureLoad(
                        id,
                        subtask.operator(),
                        subtask.budget(),
                        group -> requested.get(group) || backend.moves().hasFailed(group));
        status = newStatus();
        requestRuns = requested.stream().anyMatch(backend.moves()::isMoving);
    }

    /** Measures what records leave of the task's time: idle time, and what slices took. */
    private void measureFreeTime(long now) {
        long window = now - lastIdleNanos;
        if (window < FREE_TIME_WINDOW_NANOS) {
            return;
        }
        long idle = idleMillis.getAsLong();
        double free = ((idle - lastIdleMillis) * 1e6 + slicedNanos) / window;
        freeShare = Math.max(0, Math.min(1, free));
        lastIdleMillis = idle;
        lastIdleNanos = now;
        slicedNanos = 0;
    }

    private BackendStatus newStatus() {
        BackendLoad current = load;
        KeyGroupMoves moves = backend.moves();
        int onDisk = 0;
        int moving = 0;
        for (KeyGroupLoad group : current.groups()) {
            boolean atRest = group.motion() == Motion.AT_REST;
            moving += atRest ? 0 : 1;
            onDisk += atRest && group.tier() == Tier.DISK ? 1 : 0;
        }
        return new BackendStatus(
                id,
                subtask.jobId(),
                subtask.vertexId(),
                subtask.task(),
                subtask.subtask(),
                subtask.attempt(),
                subtask.operator(),
                mode,
                current.groups().size() - onDisk - moving,
                onDisk,
                moving,
                LoadMeter.entriesOf(current, Tier.HEAP),
                LoadMeter.entriesOf(current, Tier.DISK),
                LoadMeter.bytesOf(current, Tier.HEAP),
                LoadMeter.bytesOf(current, Tier.DISK),
                backend.timers(),
                moves.completedMoves(),
                moves.failedMoves(),
                moves.movedRows(),
                moves.movedBytes(),
                lastReason,
                moves.lastFailure(),
                System.currentTimeMillis());
    }
}
