package io.sluice.state.adaptive.control;

import org.apache.flink.metrics.MetricGroup;

import io.sluice.state.adaptive.placement.BackendLoad;
import io.sluice.state.adaptive.placement.Decision;
import io.sluice.state.adaptive.placement.DecisionMemory;
import io.sluice.state.adaptive.placement.GroupMove;
import io.sluice.state.adaptive.placement.HeapReading;
import io.sluice.state.adaptive.placement.KeyGroupLoad;
import io.sluice.state.adaptive.placement.PlacementMode;
import io.sluice.state.adaptive.placement.PlacementPolicy;
import io.sluice.state.adaptive.placement.PlacementSnapshot;
import io.sluice.state.adaptive.placement.PolicySettings;
import io.sluice.state.adaptive.placement.Reason;
import io.sluice.state.adaptive.placement.SlotBudget;
import io.sluice.state.adaptive.pressure.HeapPressureMonitor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides for all adaptive state backends of a process: one heap, one judge.
 *
 * <p><b>Threads.</b> One daemon thread, which lives while there is a backend; it also times the
 * slices of the backends' moves. It never touches state.
 */
public final class StateCoordinator {

    private static final Logger LOG = LoggerFactory.getLogger(StateCoordinator.class);

    private static final long DECIDE_EVERY_MILLIS = 1000;

    /** How soon a collection that leaves the heap above the high mark is looked at. */
    private static final long DECIDE_AGAIN_MILLIS = 100;

    private static final StateCoordinator PROCESS = new StateCoordinator(StateControl.ofProcess());

    private final StateControl control;

    private final Object lock = new Object();
    private volatile @Nullable Session session;

    private final CoordinatorMetrics metrics = new CoordinatorMetrics(this);
    private final AtomicLong decisions = new AtomicLong();
    private final AtomicLong decidedMoves = new AtomicLong();
    private volatile String lastDecision = "";

    private StateCoordinator(StateControl control) {
        this.control = control;
    }

    /** The coordinator of this process, as far as classes come from the same class loader. */
    public static StateCoordinator ofProcess() {
        return PROCESS;
    }

    /** The time from the first backend to the last: a thread, a monitor, and what was decided. */
    private static final class Session {
        final ScheduledThreadPoolExecutor timer;
        final HeapPressureMonitor pressure; // null to a callback from its own constructor
        final PlacementPolicy policy;
        final PolicySettings settings;
        DecisionMemory memory = DecisionMemory.initial();
        final AtomicBoolean extraDecision = new AtomicBoolean();
        int backends;

        Session(PolicySettings settings) {
            this.settings = settings;
            this.policy = new PlacementPolicy(settings);
            this.timer =
                    new ScheduledThreadPoolExecutor(
                            1,
                            task -> {
                                Thread thread = new Thread(task, "adaptive-state-coordinator");
                                thread.setDaemon(true);
                                return thread;
                            });
            timer.setRemoveOnCancelPolicy(true);
            timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            this.pressure = new HeapPressureMonitor(() -> collected(this));
        }
    }

    /**
     * Takes up a backend.
     *
     * @param taskManager gets the metrics of this coordinator
     * @param settings those of the first backend hold as long as there is one
     * @param backend made with the timer on which it may schedule
     */
    public <B extends ManagedBackend> B register(
            MetricGroup taskManager,
            PolicySettings settings,
            Function<ScheduledExecutorService, B> backend) {
        metrics.register(taskManager);
        synchronized (lock) {
            Session current = session;
            if (current == null) {
                current = new Session(settings);
                session = current;
                Session started = current;
                Future<?> untilShutdown =
                        started.timer.scheduleWithFixedDelay(
                                () -> decideAndLog(started),
                                DECIDE_EVERY_MILLIS,
                                DECIDE_EVERY_MILLIS,
                                TimeUnit.MILLISECONDS);
                LOG.debug("Deciding where state lives: {}.", untilShutdown);
            } else if (!current.settings.equals(settings)) {
                LOG.warn(
                        "A job asks for other marks of the adaptive state backend ({}) than the one "
                                + "that came first to this TaskManager. The first holds: {}. Set "
                                + "state.backend.adaptive.pressure.*, load-back-after and cool-down for "
                                + "the cluster, not by job.",
                        settings,
                        current.settings);
            }
            current.backends++;
            try {
                B made = backend.apply(current.timer);
                control.add(made);
                return made;
            } catch (RuntimeException e) {
                release(current);
                throw e;
            }
        }
    }

    /** Lets go of a backend; with the last, the thread ends. */
    public void unregister(ManagedBackend backend) {
        synchronized (lock) {
            control.remove(backend);
            if (session != null) {
                release(session);
            }
        }
    }

    private void release(Session current) {
        if (--current.backends == 0) {
            session = null;
            current.timer.shutdownNow();
            current.pressure.close();
        }
    }

    // --- for the metrics -------------------------------------------------------------------------

    HeapReading heap() {
        Session current = session;
        return current == null
                ? new HeapReading(Runtime.getRuntime().maxMemory(), 0, -1, 0, 0, 0)
                : current.pressure.read(System.nanoTime());
    }

    long stateOnHeapBytes() {
        return loads().flatMap(load -> load.groups().stream())
                .mapToLong(KeyGroupLoad::heapBytes)
                .sum();
    }

    /** Of all slots that have one. */
    long budgetBytes() {
        return SlotBudget.bySlot(loads().toList()).values().stream()
                .mapToLong(SlotBudget::bytes)
                .sum();
    }

    private Stream<BackendLoad> loads() {
        return control.managed().stream().map(ManagedBackend::load);
    }

    long decisions() {
        return decisions.get();
    }

    long decidedMoves() {
        return decidedMoves.get();
    }

    String lastDecision() {
        return lastDecision;
    }

    // ---------------------------------------------------------------------------------------------

    /**
     * On the JVM's thread: a heap above the high mark may be full before the next second is over.
     */
    private static void collected(Session current) {
        HeapPressureMonitor pressure = current.pressure;
        if (pressure == null) {
            // A collection while the monitor is being made.
            return;
        }
        HeapReading heap = pressure.read(System.nanoTime());
        boolean high =
                heap.usedAfterCollectionBytes() > current.settings.highMark() * heap.maxBytes();
        if (high && current.extraDecision.compareAndSet(false, true)) {
            try {
                Future<?> soon =
                        current.timer.schedule(
                                () -> {
                                    current.extraDecision.set(false);
                                    PROCESS.decideAndLog(current);
                                },
                                DECIDE_AGAIN_MILLIS,
                                TimeUnit.MILLISECONDS);
                LOG.trace("Deciding soon: {}.", soon);
            } catch (RejectedExecutionException e) {
                LOG.debug("The coordinator has stopped.");
            }
        }
    }

    /**
     * Goes on whatever happens: an OutOfMemoryError here is when the next decision matters most.
     */
    private void decideAndLog(Session current) {
        try {
            decide(current);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn(
                    "The adaptive state backend could not decide where state should live; it stays "
                            + "where it is.",
                    e);
        }
    }

    private void decide(Session current) {
        Map<Long, ManagedBackend> automatic =
                control.managed().stream()
                        .filter(backend -> backend.mode() == PlacementMode.AUTO)
                        .collect(Collectors.toMap(ManagedBackend::id, backend -> backend));
        if (automatic.isEmpty()) {
            return;
        }
        List<BackendLoad> loads = automatic.values().stream().map(ManagedBackend::load).toList();
        long now = System.nanoTime();
        Decision decision =
                current.policy.decide(
                        new PlacementSnapshot(
                                now, current.pressure.read(now), loads, current.memory));
        current.memory = decision.memory();
        if (decision.reason() == Reason.NONE) {
            automatic.values().forEach(backend -> backend.setPace(decision.paceFactor()));
            return;
        }
        LOG.info("{}", decision.explanation());
        decisions.incrementAndGet();
        decidedMoves.addAndGet(decision.moves().size());
        lastDecision = decision.explanation();
        Map<Long, List<GroupMove>> byBackend =
                decision.moves().stream().collect(Collectors.groupingBy(GroupMove::backendId));
        byBackend.forEach(
                (id, moves) -> {
                    ManagedBackend backend = automatic.get(id);
                    if (backend != null) {
                        backend.decideMoves(moves, decision.paceFactor(), decision.explanation());
                    }
                });
    }
}
