package io.sluice.benchmarks.session;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;

/**
 * Where a benchmark ran.
 *
 * @param load processes that ran or wanted to during the last minute, on average; negative if the
 *     system does not tell
 */
public record Machine(
        String operatingSystem,
        String architecture,
        int cores,
        long memoryBytes,
        double load,
        String jdk) {

    /** Returns this machine, as it is now. */
    public static Machine current() {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                system.getName() + " " + system.getVersion(),
                system.getArch(),
                system.getAvailableProcessors(),
                system.getTotalMemorySize(),
                system.getSystemLoadAverage(),
                System.getProperty("java.vm.vendor") + " " + Runtime.version());
    }

    /** Whether others leave a benchmark of two processes less than it can use. */
    public boolean isBusy() {
        return load > cores / 2.0;
    }
}
