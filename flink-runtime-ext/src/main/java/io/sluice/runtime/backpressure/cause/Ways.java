package io.sluice.runtime.backpressure.cause;

import io.sluice.runtime.backpressure.cause.Cause.Kind;
import io.sluice.runtime.backpressure.cause.HeldBack.Wait;
import io.sluice.runtime.backpressure.load.JobTopology;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ways from the vertices that are held back to what they wait for in the end, steps 3 and 4 of
 * {@link BackpressureCauses}.
 */
final class Ways {

    private final JobTopology topology;
    private final Map<String, HeldBack> heldBack;
    private final double leastToContribute;

    /** Of producers that send in bursts and of consumers behind a slow network. */
    private final Map<String, Reason> otherReasons = new HashMap<>();

    /** Those that are named because they are busy, and not for what is behind them. */
    private final Set<String> limits = new HashSet<>();

    /** Of each vertex held back, the vertices it waits for in the end and each one's part. */
    private final Map<String, Map<String, Double>> parts = new LinkedHashMap<>();

    /**
     * @param heldBack by id, producers first
     * @param leastToContribute busy share from which on a vertex that is held back is named
     */
    Ways(JobTopology topology, Map<String, HeldBack> heldBack, double leastToContribute) {
        this.topology = topology;
        this.heldBack = heldBack;
        this.leastToContribute = leastToContribute;
        for (String vertex : heldBack.keySet()) {
            Map<String, Double> found = follow(vertex, new HashSet<>());
            // Once more, in the order of the job.
            parts.remove(vertex);
            parts.put(vertex, found);
        }
    }

    /** Returns what the vertex waits for in the end; nothing for one that is on the way already. */
    private Map<String, Double> follow(String vertex, Set<String> onTheWay) {
        @Nullable Map<String, Double> known = parts.get(vertex);
        @Nullable HeldBack producer = heldBack.get(vertex);
        if (known != null) {
            return known;
        }
        if (producer == null || !onTheWay.add(vertex)) {
            return Map.of();
        }
        Map<String, Double> found = new LinkedHashMap<>();
        List<Wait> explained = producer.explained();
        if (producer.sendsInBursts()) {
            otherReasons.put(vertex, Reason.ofBursts(producer.producer()));
            found.put(vertex, 1.0);
        } else if (explained.isEmpty()) {
            found.putAll(unexplained(producer));
        } else {
            explained.forEach(wait -> follow(wait, onTheWay, found));
        }
        onTheWay.remove(vertex);
        parts.put(vertex, found);
        return found;
    }

    private void follow(Wait wait, Set<String> onTheWay, Map<String, Double> found) {
        VertexLoad consumer = wait.consumer();
        Map<String, Double> behind =
                consumer.isAtItsLimit() ? Map.of() : follow(consumer.id(), onTheWay);
        if (consumer.isAtItsLimit() || waitsForTheNetworkNowAndThen(consumer, behind.keySet())) {
            limits.add(consumer.id());
            found.merge(consumer.id(), wait.share(), Math::max);
            return;
        }
        if (consumer.busy() >= leastToContribute && !sendsInBursts(consumer)) {
            found.merge(consumer.id(), wait.share(), Math::max);
        }
        behind.forEach((cause, part) -> found.merge(cause, wait.share() * part, Math::max));
    }

    /** Tells whether a vertex is busy and would hardly be less so if the network were quicker. */
    private boolean waitsForTheNetworkNowAndThen(VertexLoad vertex, Set<String> causes) {
        return vertex.busy() >= VertexLoad.AT_ITS_LIMIT
                && vertex.busy() > vertex.backpressured()
                && !causes.isEmpty()
                && causes.stream()
                        .map(otherReasons::get)
                        .allMatch(reason -> reason != null && reason.kind() == Kind.NETWORK);
    }

    private boolean sendsInBursts(VertexLoad vertex) {
        @Nullable HeldBack producer = heldBack.get(vertex.id());
        return producer != null && producer.sendsInBursts();
    }

    /**
     * Returns the vertices before this one whose bursts reach it, else who is behind the network.
     */
    private Map<String, Double> unexplained(HeldBack held) {
        Map<String, Double> found = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        Deque<String> before = new ArrayDeque<>(List.of(held.producer().id()));
        while (!before.isEmpty()) {
            String vertex = before.remove();
            for (JobTopology.Edge edge : topology.edges()) {
                @Nullable HeldBack producer = heldBack.get(edge.source());
                if (edge.target().equals(vertex) && producer != null && seen.add(edge.source())) {
                    if (producer.sendsInBursts()) {
                        found.put(edge.source(), 1.0);
                    } else {
                        before.add(edge.source());
                    }
                }
            }
        }
        if (found.isEmpty() && !held.silent()) {
            held.fullest()
                    .ifPresent(
                            consumer -> {
                                otherReasons.putIfAbsent(
                                        consumer.id(), Reason.ofNetwork(held.producer(), consumer));
                                found.put(consumer.id(), 1.0);
                            });
        }
        return found;
    }

    /** Returns the vertices that wait for this one, directly or through others. */
    List<String> to(String cause) {
        return parts.keySet().stream().filter(vertex -> part(vertex, cause) > 0).toList();
    }

    /** Returns what a vertex that is held back waits for in the end. */
    Set<String> from(String vertex) {
        return parts.getOrDefault(vertex, Map.of()).keySet();
    }

    /** Returns how much a vertex waits for a cause, in [0, 1]. */
    double part(String vertex, String cause) {
        return parts.getOrDefault(vertex, Map.of()).getOrDefault(cause, 0.0);
    }

    /** Returns why others wait for a vertex, if it is not for its being busy. */
    @Nullable Reason otherReasonOf(String vertex) {
        @Nullable Reason reason = otherReasons.get(vertex);
        boolean isBusy = reason != null && reason.kind() == Kind.NETWORK && endAtLimitOf(vertex);
        return isBusy ? null : reason;
    }

    /** Tells whether a way ends here because the vertex is at its limit. */
    boolean endAtLimitOf(String vertex) {
        return limits.contains(vertex);
    }
}
