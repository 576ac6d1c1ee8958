package io.sluice.runtime.backpressure.track;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** What the JVM tells of itself, and of single threads. Thread-safe. */
final class ProcessTimes {

    /** Parts of the names of those that run beside the program, whose time is no pause. */
    private static final List<String> CONCURRENT = List.of("Cycles", "Concurrent");

    private final List<GarbageCollectorMXBean> pausing =
            ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .filter(bean -> CONCURRENT.stream().noneMatch(bean.getName()::contains))
                    .toList();

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** Returns how long collections of garbage held all threads back so far. */
    long collectionMillis() {
        return pausing.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .filter(millis -> millis > 0)
                .sum();
    }

    /**
     * Returns the share of the processors that was in use since the last call, by any process, in
     * [0, 1]; NaN if that is not known.
     */
    double machineCpu() {
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system) {
            double load = system.getCpuLoad();
            return load >= 0 ? load : Double.NaN;
        }
        return Double.NaN;
    }

    /** Returns how long a thread ran on a processor so far; negative if that is not known. */
    long cpuNanos(Thread thread) {
        return threads.isThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
                ? threads.getThreadCpuTime(thread.getId())
                : -1;
    }
}
