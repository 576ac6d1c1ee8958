package io.sluice.state.adaptive.pressure;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import io.sluice.state.adaptive.placement.HeapReading;
import io.sluice.state.adaptive.pressure.CollectionEvent.PoolUse;

import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Listens to the collectors of this JVM and says how full the heap was after the last collections.
 * It never reads the heap itself, and knows nothing before the first collection.
 *
 * <p><b>Threads.</b> {@link #read} is lock-free and for any thread. The JVM notifies on a thread of
 * its own, some milliseconds after a collection.
 *
 * <p><b>Collectors</b>, as observed on JDK 17 with 60 % of a heap of 128 MiB held (75 to 77 MiB),
 * then 10 %:
 *
 * <ul>
 *   <li>Serial, Parallel: exact after a full collection. Between those the old generation, two
 *       thirds of the heap, fills up with garbage, and all of it is in the use after a young
 *       collection. A young collection of Serial that gives up for want of room reports the use of
 *       before; it is left out.
 *   <li>G1: the use after a young collection includes old garbage. There is no live reading until
 *       the first mixed or full collection; a mixed one is known by its old generation, which
 *       shrinks. Each of a row of mixed collections frees a part only, so the live reading of the
 *       first is too high, and so is the one after a humongous object was freed early. Read: 81 MiB
 *       held.
 *   <li>ZGC, Shenandoah: each cycle is a live reading, too high by what was allocated while it ran:
 *       92 to 96 MiB read by ZGC, 79 MiB by Shenandoah. Their pauses count as time only, and are
 *       mostly below the millisecond that the JVM reports; a cycle of ZGC that allocating threads
 *       had to wait for counts as time too.
 *   <li>Generational ZGC (minor cycles are no live reading) and the pauses of G1's marking that JDK
 *       20 and later report: as their names say, not observed.
 * </ul>
 *
 * <p>The JVM dates collections in milliseconds since its start, on a clock that was seen to be 20
 * ms off: {@link HeapReading#liveAtNanos()} is that much too early, never too late.
 */
public final class HeapPressureMonitor implements AutoCloseable {

    /** Written under this monitor's lock only. */
    private volatile PressureState state;

    private final LongSupplier nanoClock;
    private final Runnable afterCollection;
    private final Set<String> heapPools;
    private final List<NotificationEmitter> emitters = new ArrayList<>();
    private final NotificationListener listener = (notification, handback) -> on(notification);

    /** Listens from now on, until {@link #close()}. */
    public HeapPressureMonitor() {
        this(() -> {});
    }

    /**
     * Listens from now on, until {@link #close()}.
     *
     * @param afterCollection run on the JVM's thread after each collection that {@link #read} knows
     */
    public HeapPressureMonitor(Runnable afterCollection) {
        this(
                ManagementFactory.getGarbageCollectorMXBeans(),
                ManagementFactory.getMemoryPoolMXBeans(),
                maxBytes(
                        ManagementFactory.getMemoryPoolMXBeans(), Runtime.getRuntime().maxMemory()),
                System::nanoTime,
                afterCollection);
    }

    HeapPressureMonitor(
            List<GarbageCollectorMXBean> collectors,
            List<MemoryPoolMXBean> pools,
            long maxBytes,
            LongSupplier nanoClock) {
        this(collectors, pools, maxBytes, nanoClock, () -> {});
    }

    private HeapPressureMonitor(
            List<GarbageCollectorMXBean> collectors,
            List<MemoryPoolMXBean> pools,
            long maxBytes,
            LongSupplier nanoClock,
            Runnable afterCollection) {
        this.afterCollection = afterCollection;
        this.state = PressureState.initial(maxBytes);
        this.nanoClock = nanoClock;
        this.heapPools =
                pools.stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getName)
                        .collect(Collectors.toUnmodifiableSet());
        for (GarbageCollectorMXBean collector : collectors) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(listener, null, null);
                emitters.add(emitter);
            }
        }
    }

    /**
     * What live objects can fill: the old generation where its size is fixed (Serial, Parallel),
     * and otherwise the heap. A collection that finds no room there is the one before the
     * OutOfMemoryError, however empty the young generation is.
     */
    static long maxBytes(List<MemoryPoolMXBean> pools, long heapBytes) {
        return pools.stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(pool -> CollectionEvent.isOld(pool.getName()))
                .mapToLong(pool -> pool.getUsage().getMax())
                .filter(max -> max > 0)
                .min()
                .orElse(heapBytes);
    }

    /**
     * Returns what is known now.
     *
     * @param nowNanos {@link System#nanoTime()}
     */
    public HeapReading read(long nowNanos) {
        return state.readingAt(nowNanos);
    }

    private void on(Notification notification) {
        if (!notification
                        .getType()
                        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                || !(notification.getUserData() instanceof CompositeData data)) {
            return;
        }
        CollectionEvent event = event(GarbageCollectionNotificationInfo.from(data));
        synchronized (this) {
            state = state.after(event);
        }
        afterCollection.run();
    }

    private CollectionEvent event(GarbageCollectionNotificationInfo info) {
        GcInfo collection = info.getGcInfo();
        Map<String, MemoryUsage> before = collection.getMemoryUsageBeforeGc();
        List<PoolUse> pools = new ArrayList<>();
        collection
                .getMemoryUsageAfterGc()
                .forEach(
                        (pool, after) -> {
                            MemoryUsage was = before.get(pool);
                            if (heapPools.contains(pool) && was != null) {
                                pools.add(new PoolUse(pool, was.getUsed(), after.getUsed()));
                            }
                        });
        // Both are milliseconds since the JVM began.
        long agoMillis =
                ManagementFactory.getRuntimeMXBean().getUptime() - collection.getStartTime();
        return new CollectionEvent(
                info.getGcName(),
                info.getGcAction(),
                info.getGcCause(),
                nanoClock.getAsLong() - TimeUnit.MILLISECONDS.toNanos(Math.max(0, agoMillis)),
                TimeUnit.MILLISECONDS.toNanos(
                        Math.max(0, collection.getEndTime() - collection.getStartTime())),
                pools);
    }

    /** Stops listening; {@link #read} keeps what is known. Idempotent. */
    @Override
    public void close() {
        for (NotificationEmitter emitter : emitters) {
            try {
                emitter.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                // Closed before.
            }
        }
    }
}
