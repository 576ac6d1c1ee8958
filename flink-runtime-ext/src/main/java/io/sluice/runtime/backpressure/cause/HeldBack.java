package io.sluice.runtime.backpressure.cause;

import io.sluice.runtime.backpressure.load.EdgeLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A vertex that is held back, and the consumers that it may be waiting for.
 *
 * @param waits one for each consumer that may hold it back, see {@link BackpressureCauses}
 * @param silent a consumer has not reported, so that it may be the one
 */
record HeldBack(VertexLoad producer, List<Wait> waits, boolean silent) {

    /** From here on an output's buffers are in use. */
    private static final double POOL_IN_USE = 0.5;

    /** From here on an output held its subtask back. */
    private static final double BLOCKED = 0.05;

    /** From here on a consumer has something to do at all times. */
    private static final double SATURATED = 0.8;

    /** What has less to do than this share of a saturated sibling holds nobody back beside it. */
    private static final double NEXT_TO_SATURATED = 0.75;

    private static final double MOSTLY_HARD = 0.5;
    private static final double NOTICEABLY_HARD = 0.3;

    /**
     * One output of the producer.
     *
     * @param share of the producer's time held back that is at most due to this consumer
     * @param fullness of its buffers; 0 if they are not tracked
     */
    record Wait(VertexLoad consumer, double share, double fullness) {

        /**
         * Tells whether the consumer is at its limit or is held back, so that it accounts for this.
         */
        boolean explained() {
            return consumer.heldBack() || consumer.isAtItsLimit();
        }
    }

    /** What is known of an output; null load if it is not tracked. */
    private record Output(VertexLoad consumer, double poolUsage, double blocked, boolean tracked) {

        boolean full() {
            return tracked && !(poolUsage < POOL_IN_USE && blocked < BLOCKED);
        }

        static Output of(String producer, VertexLoad consumer, List<EdgeLoad> edges) {
            double poolUsage = 0;
            double blocked = 0;
            boolean tracked = false;
            for (EdgeLoad edge : edges) {
                if (edge.source().equals(producer) && edge.target().equals(consumer.id())) {
                    poolUsage = Math.max(poolUsage, edge.poolUsage());
                    blocked = Math.max(blocked, edge.blocked());
                    tracked = true;
                }
            }
            return new Output(consumer, poolUsage, blocked, tracked);
        }
    }

    HeldBack {
        waits = List.copyOf(waits);
    }

    static HeldBack of(
            VertexLoad producer,
            JobTopology topology,
            Map<String, VertexLoad> vertices,
            List<EdgeLoad> edges) {
        List<Output> outputs = new ArrayList<>();
        boolean silent = false;
        for (String target : topology.consumersOf(producer.id())) {
            @Nullable VertexLoad consumer = vertices.get(target);
            if (consumer == null) {
                silent = true;
            } else {
                outputs.add(Output.of(producer.id(), consumer, edges));
            }
        }
        return new HeldBack(producer, waits(outputs), silent);
    }

    private static List<Wait> waits(List<Output> outputs) {
        return outputs.stream().anyMatch(Output::full)
                ? waitsOfFull(outputs)
                : waitsByDemand(outputs);
    }

    private static List<Wait> waitsOfFull(List<Output> outputs) {
        double longest = outputs.stream().mapToDouble(Output::blocked).max().orElse(0);
        double fullest = outputs.stream().mapToDouble(Output::poolUsage).max().orElse(0);
        List<Wait> waits = new ArrayList<>();
        for (Output output : outputs) {
            if (output.full()) {
                double share =
                        longest >= BLOCKED
                                ? output.blocked() / longest
                                : output.poolUsage() / fullest;
                waits.add(new Wait(output.consumer(), share, share));
            } else if (!output.tracked() && output.consumer().demand() >= SATURATED) {
                waits.add(new Wait(output.consumer(), 1, 0));
            }
        }
        return waits;
    }

    private static List<Wait> waitsByDemand(List<Output> outputs) {
        double greatest =
                outputs.stream().mapToDouble(output -> output.consumer().demand()).max().orElse(0);
        double least = greatest >= SATURATED ? NEXT_TO_SATURATED * greatest : 0;
        List<Wait> waits = new ArrayList<>();
        for (Output output : outputs) {
            double demand = output.consumer().demand();
            if (demand >= least) {
                waits.add(new Wait(output.consumer(), greatest == 0 ? 1 : demand / greatest, 0));
            }
        }
        return waits;
    }

    /**
     * Returns the consumer with the fullest buffers, or the one that gets most if none is known.
     */
    Optional<VertexLoad> fullest() {
        return waits.stream()
                .max(
                        Comparator.comparingDouble(Wait::fullness)
                                .thenComparingLong(wait -> wait.consumer().recordsIn()))
                .map(Wait::consumer);
    }

    /** Returns the waits for consumers that are at their limit or held back. */
    List<Wait> explained() {
        return waits.stream().filter(Wait::explained).toList();
    }

    /** Tells whether the producer sends more at once than there are buffers for. */
    boolean sendsInBursts() {
        if (explained().isEmpty()) {
            return !silent && producer.hardShare() > NOTICEABLY_HARD;
        }
        return producer.hardShare() > MOSTLY_HARD
                && waits.stream().allMatch(wait -> wait.consumer().demand() < SATURATED);
    }
}
