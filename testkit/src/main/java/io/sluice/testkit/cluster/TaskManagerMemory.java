package io.sluice.testkit.cluster;

import java.util.Map;
import java.util.TreeMap;

/**
 * The memory of a small TaskManager, all of it given: what is left for state is divided between the
 * heap of tasks and managed memory. The rest is what Flink needs, as small as jobs of the examples
 * let it be: {@value #FRAMEWORK_HEAP_MEBIBYTES} MiB of heap that Flink counts as its own but shares
 * with the tasks, and {@value #OTHER_MEBIBYTES} MiB beside the heap.
 */
public record TaskManagerMemory(int taskHeapMebibytes, int managedMebibytes) {

    private static final int FRAMEWORK_HEAP_MEBIBYTES = 128;
    private static final int NETWORK_MEBIBYTES = 32;
    private static final int FRAMEWORK_OFF_HEAP_MEBIBYTES = 128;
    private static final int METASPACE_MEBIBYTES = 256;
    private static final int OVERHEAD_MEBIBYTES = 192;

    private static final int OTHER_MEBIBYTES =
            NETWORK_MEBIBYTES
                    + FRAMEWORK_OFF_HEAP_MEBIBYTES
                    + METASPACE_MEBIBYTES
                    + OVERHEAD_MEBIBYTES;

    /** Returns the size that the heap of the JVM may reach. */
    public int heapMebibytes() {
        return FRAMEWORK_HEAP_MEBIBYTES + taskHeapMebibytes;
    }

    public int processMebibytes() {
        return heapMebibytes() + managedMebibytes + OTHER_MEBIBYTES;
    }

    /** Returns the entries of {@code config.yaml}. */
    public Map<String, String> toConfig() {
        Map<String, String> entries = new TreeMap<>();
        put(entries, "process.size", processMebibytes());
        put(entries, "framework.heap.size", FRAMEWORK_HEAP_MEBIBYTES);
        put(entries, "task.heap.size", taskHeapMebibytes);
        put(entries, "managed.size", managedMebibytes);
        put(entries, "network.min", NETWORK_MEBIBYTES);
        put(entries, "network.max", NETWORK_MEBIBYTES);
        put(entries, "framework.off-heap.size", FRAMEWORK_OFF_HEAP_MEBIBYTES);
        put(entries, "jvm-metaspace.size", METASPACE_MEBIBYTES);
        put(entries, "jvm-overhead.min", OVERHEAD_MEBIBYTES);
        put(entries, "jvm-overhead.max", OVERHEAD_MEBIBYTES);
        return entries;
    }

    private static void put(Map<String, String> entries, String key, int mebibytes) {
        entries.put("taskmanager.memory." + key, mebibytes + "m");
    }
}
