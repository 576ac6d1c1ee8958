package io.sluice.runtime.backpressure.edge;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.io.network.buffer.BufferPool;
import org.apache.flink.runtime.io.network.partition.ResultPartition;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;

import io.sluice.runtime.backpressure.load.OutputLoad;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The outputs and inputs of a task, as far as {@link EdgeObservingShuffleServiceFactory} tells of
 * them; empty otherwise.
 *
 * <p><b>Threads.</b> Filled by the thread that deploys the task, once; looked at by the sampling
 * thread.
 */
public final class ObservedOutputs {

    private static final double FULL = 0.99;

    private static final Map<ExecutionAttemptID, ObservedOutputs> TASKS = new ConcurrentHashMap<>();

    private volatile List<Output> outputs = List.of();
    private volatile List<String> inputs = List.of();

    private ObservedOutputs() {}

    /** Returns those of a task, until it is {@link #forget forgotten}. */
    public static ObservedOutputs of(ExecutionAttemptID task) {
        return TASKS.computeIfAbsent(task, any -> new ObservedOutputs());
    }

    /**
     * Returns those of a task that somebody looks at; of others, ones that nobody keeps. The
     * tracking knows a task before its outputs are made.
     */
    static ObservedOutputs ifTracked(ExecutionAttemptID task) {
        return TASKS.getOrDefault(task, new ObservedOutputs());
    }

    public static void forget(ExecutionAttemptID task) {
        TASKS.remove(task);
    }

    /** One output, and what it did since the last report. Fields are the sampling thread's. */
    private static final class Output {
        final String dataSet;
        final ResultPartition partition;
        final Counter blockedMillis = new ThreadSafeSimpleCounter();
        long blockedNanosTotal;
        long blockedNanos;
        double lastUsage;
        double usageNanos;
        long nanos;

        Output(ResultPartition partition, MetricGroup task) {
            this.partition = partition;
            this.dataSet =
                    partition
                            .getPartitionId()
                            .getPartitionId()
                            .getIntermediateDataSetID()
                            .toHexString();
            MetricGroup group = task.addGroup("dataset", dataSet);
            group.gauge("outPoolUsage", this::poolUsage);
            group.counter("blockedMsTotal", blockedMillis);
        }

        float poolUsage() {
            BufferPool pool = partition.getBufferPool();
            int size = pool == null ? 0 : pool.getNumBuffers();
            return size == 0 ? 0 : Math.min(1, (float) pool.bestEffortGetNumOfUsedBuffers() / size);
        }

        void sampled(double usage, long sampleNanos) {
            lastUsage = usage;
            usageNanos += usage * sampleNanos;
            nanos += sampleNanos;
        }

        void blocked(long heldNanos) {
            blockedNanos += heldNanos;
            blockedNanosTotal += heldNanos;
            blockedMillis.inc(
                    Duration.ofNanos(blockedNanosTotal).toMillis() - blockedMillis.getCount());
        }

        OutputLoad report(String vertex, int subtask) {
            double whole = Math.max(1, nanos);
            OutputLoad load =
                    new OutputLoad(
                            vertex,
                            subtask,
                            dataSet,
                            usageNanos / whole,
                            Math.min(1, blockedNanos / whole));
            usageNanos = 0;
            blockedNanos = 0;
            nanos = 0;
            return load;
        }
    }

    void produces(Collection<ResultPartition> partitions, MetricGroup task) {
        outputs = partitions.stream().map(partition -> new Output(partition, task)).toList();
    }

    void consumes(Collection<IntermediateDataSetID> dataSets) {
        inputs = dataSets.stream().map(IntermediateDataSetID::toHexString).toList();
    }

    /**
     * Looks at the outputs. The time that the task was held back is put down to those that are full
     * now, in equal parts, or to the fullest if none is.
     *
     * @param heldNanos for which the task was held back since the look before
     * @param nanos since the look before
     */
    public void sample(long heldNanos, long nanos) {
        List<Output> all = outputs;
        if (all.isEmpty()) {
            return;
        }
        double fullest = 0;
        for (Output output : all) {
            double usage = output.partition.isReleased() ? 0 : output.poolUsage();
            output.sampled(usage, nanos);
            fullest = Math.max(fullest, usage);
        }
        if (heldNanos > 0) {
            double least = Math.min(FULL, fullest);
            List<Output> full = all.stream().filter(output -> output.lastUsage >= least).toList();
            full.forEach(output -> output.blocked(heldNanos / full.size()));
        }
    }

    /** Returns what the outputs did since this was called before. */
    public List<OutputLoad> report(String vertex, int subtask) {
        return outputs.stream().map(output -> output.report(vertex, subtask)).toList();
    }

    /** Returns the data sets that the task consumes, hexadecimal. */
    public List<String> inputs() {
        return inputs;
    }
}
