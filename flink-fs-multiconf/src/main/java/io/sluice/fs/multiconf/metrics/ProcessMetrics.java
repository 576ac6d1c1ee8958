package io.sluice.fs.multiconf.metrics;

import org.apache.flink.metrics.MetricGroup;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The metrics of all bindings of this process. File systems are configured before a process has
 * metrics, and in clients nobody looks at them; so they are counted from the start, and registered
 * when there is where to.
 *
 * <p><b>Threads.</b> Any. Flink holds a lock of all metrics while it tells of one, and takes that
 * of a group before it; whoever is told must not register any. So a thread of its own does.
 */
public final class ProcessMetrics {

    private static final ProcessMetrics INSTANCE = new ProcessMetrics();

    /** Guarded by this. */
    private final Map<String, BindingMetrics> bindings = new LinkedHashMap<>();

    /** Of the process; guarded by this. */
    private @Nullable MetricGroup group;

    ProcessMetrics() {}

    /** Returns those of a binding, which live as long as the process. */
    public static BindingMetrics of(String binding) {
        return INSTANCE.metrics(binding);
    }

    static ProcessMetrics instance() {
        return INSTANCE;
    }

    synchronized BindingMetrics metrics(String binding) {
        BindingMetrics present = bindings.get(binding);
        if (present != null) {
            return present;
        }
        BindingMetrics made = new BindingMetrics(binding);
        bindings.put(binding, made);
        MetricGroup where = group;
        if (where != null) {
            register(() -> made.register(where));
        }
        return made;
    }

    /** Shows all in a group of the process, from now on; does nothing where they are shown. */
    synchronized void showIn(MetricGroup process) {
        if (group != null) {
            return;
        }
        group = process;
        Map<String, BindingMetrics> present = new LinkedHashMap<>(bindings);
        register(() -> present.values().forEach(metrics -> metrics.register(process)));
    }

    /** Shows none of those that come. */
    synchronized void hide() {
        group = null;
    }

    private static void register(Runnable registration) {
        Thread thread = new Thread(registration, "fs-multiconf-metrics");
        thread.setDaemon(true);
        thread.setContextClassLoader(ProcessMetrics.class.getClassLoader());
        thread.start();
    }
}
