package io.sluice.runtime.backpressure.cause;

import io.sluice.runtime.backpressure.cause.Cause.Kind;
import io.sluice.runtime.backpressure.cause.Cause.Role;
import io.sluice.runtime.backpressure.cause.HeldBack.Wait;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import static io.sluice.runtime.backpressure.cause.Reason.percent;

/**
 * Finds the vertices that hold others back, from what all subtasks did with their time.
 *
 * <p>A pure function. Vertices that have not reported are neither named nor followed.
 */
public final class BackpressureCauses {

    /*
     * A vertex that holds its producers back has full queues, so it never waits for input; and it is
     * either busy all the time (then it is the cause) or held back itself (then the cause is behind
     * it). All shares are those of a vertex's worst subtask: one slow subtask holds everybody back
     * while its siblings rest.
     *
     * 1. Held back are the vertices with a subtask that waits for buffers >= 0.1.
     * 2. Each of them may wait for each of its consumers, except those that
     *    - have empty buffers on the edge (where edges are tracked), or
     *    - have clearly less to do than a sibling that has something to do at all times (where
     *      they are not, or none of the buffers was seen full): the sibling is the limit.
     * 3. A consumer explains the wait if it is held back itself or at its limit: busy >= 0.5 while
     *    its busy subtasks are not held back. If no consumer does, the producer's own bursts do
     *    (HARD, of the producer or of a vertex before it whose bursts pass through), else the
     *    network. Bursts also win against consumers that rest for more than a fifth of the time.
     * 4. From each held back vertex we follow the waits: one at its limit ends the way as its CAUSE;
     *    one that is held back leads to its own causes, and CONTRIBUTES if it is busy as well.
     *    A way's part is the product of the shares of its waits.
     * 5. The weight of a cause is its busy share times the greatest time held back of all that
     *    wait for it, times the way's part. Those far up count on purpose: every vertex before a
     *    bottleneck waits for it, also those that wait for a lesser cause as well, so the
     *    bottleneck weighs most.
     * 6. What is left and holds nobody back is NEXT, if it is busy. Those that contribute and are
     *    less than half as busy as another vertex that is not at its limit are not worth a mention:
     *    of all these, the busiest is the next limit.
     */

    private static final double AT_ITS_LIMIT = 0.5;
    private static final double CONTRIBUTES_FROM = 0.2;
    private static final double NEXT_FROM = 0.1;
    private static final int NEXT_AT_MOST = 3;

    /** The network has no busy share; it is named after what is busy as much as it could be. */
    private static final double NETWORK_WEIGHT = 0.5;

    private static final Comparator<Cause> GREATEST_FIRST =
            Comparator.comparingDouble(Cause::weight).reversed().thenComparing(Cause::vertex);

    private final JobTopology topology;
    private final Map<String, VertexLoad> vertices;
    private final Map<String, HeldBack> heldBack = new LinkedHashMap<>();

    /** Of producers that send in bursts and of consumers behind a slow network. */
    private final Map<String, Reason> otherReasons = new HashMap<>();

    /** Of each vertex held back, the vertices it waits for in the end and each one's part. */
    private final Map<String, Map<String, Double>> parts = new LinkedHashMap<>();

    private BackpressureCauses(JobLoad load) {
        topology = load.topology();
        vertices = VertexLoad.of(load);
        for (VertexLoad vertex : vertices.values()) {
            if (vertex.heldBack()) {
                heldBack.put(vertex.id(), HeldBack.of(vertex, topology, vertices, load.edges()));
            }
        }
    }

    /** Returns who holds back whom; nobody if nobody is held back. */
    public static Diagnosis of(JobLoad load) {
        return new BackpressureCauses(load).diagnosis();
    }

    static boolean isAtItsLimit(VertexLoad vertex) {
        return vertex.busy() >= AT_ITS_LIMIT && !vertex.guiltyHeldBack();
    }

    private Diagnosis diagnosis() {
        List<VertexLoad> next = holdNobodyBack();
        double leastToContribute = leastToContribute(next);
        heldBack.keySet().forEach(vertex -> follow(vertex, leastToContribute, new HashSet<>()));
        Map<String, Cause> named = new HashMap<>();
        for (VertexLoad vertex : vertices.values()) {
            List<String> waiting = waitingFor(vertex.id());
            if (!waiting.isEmpty()) {
                named.put(vertex.id(), cause(vertex, waiting));
            }
        }
        List<Cause> causes = new ArrayList<>(named.values());
        if (causes.stream().anyMatch(cause -> cause.role() == Role.CAUSE)) {
            next.stream()
                    .filter(vertex -> !named.containsKey(vertex.id()))
                    .limit(NEXT_AT_MOST)
                    .forEach(vertex -> causes.add(next(vertex)));
        }
        causes.sort(Comparator.comparing(Cause::role).thenComparing(GREATEST_FIRST));
        return new Diagnosis(causes, causedBy(named));
    }

    /** Returns those that would be at their limit next, the busiest first; never a source. */
    private List<VertexLoad> holdNobodyBack() {
        Set<String> waitedFor = new HashSet<>();
        for (HeldBack producer : heldBack.values()) {
            producer.explained().forEach(wait -> waitedFor.add(wait.consumer().id()));
        }
        return vertices.values().stream()
                .filter(vertex -> !vertex.source() && vertex.busy() >= NEXT_FROM)
                .filter(vertex -> !waitedFor.contains(vertex.id()))
                .sorted(Comparator.comparingDouble(VertexLoad::busy).reversed())
                .toList();
    }

    private double leastToContribute(List<VertexLoad> next) {
        double busiest = next.isEmpty() ? 0 : next.get(0).busy();
        for (VertexLoad vertex : vertices.values()) {
            if (!vertex.source() && vertex.guiltyHeldBack()) {
                busiest = Math.max(busiest, vertex.busy());
            }
        }
        return Math.max(CONTRIBUTES_FROM, busiest / 2);
    }

    /** Returns what the vertex waits for in the end; nothing for one that is on the way already. */
    private Map<String, Double> follow(
            String vertex, double leastToContribute, Set<String> onTheWay) {
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
            explained.forEach(wait -> follow(wait, leastToContribute, onTheWay, found));
        }
        onTheWay.remove(vertex);
        parts.put(vertex, found);
        return found;
    }

    private void follow(
            Wait wait, double leastToContribute, Set<String> onTheWay, Map<String, Double> found) {
        VertexLoad consumer = wait.consumer();
        boolean isCause = isAtItsLimit(consumer);
        if (isCause || (consumer.busy() >= leastToContribute && !sendsInBursts(consumer))) {
            found.merge(consumer.id(), wait.share(), Math::max);
        }
        if (!isCause) {
            follow(consumer.id(), leastToContribute, onTheWay)
                    .forEach((cause, part) -> found.merge(cause, wait.share() * part, Math::max));
        }
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

    private List<String> waitingFor(String cause) {
        return vertices.keySet().stream().filter(vertex -> part(vertex, cause) > 0).toList();
    }

    private double part(String vertex, String cause) {
        return parts.getOrDefault(vertex, Map.of()).getOrDefault(cause, 0.0);
    }

    private Cause cause(VertexLoad vertex, List<String> waiting) {
        double heldBackFor =
                waiting.stream()
                        .mapToDouble(one -> part(one, vertex.id()) * backpressured(one))
                        .max()
                        .orElse(0);
        @Nullable Reason other = otherReasons.get(vertex.id());
        if (other != null) {
            double weight = heldBackFor * (other.kind() == Kind.NETWORK ? NETWORK_WEIGHT : 1);
            return cause(vertex, Role.CAUSE, other, waiting, weight, other.message());
        }
        Role role = isAtItsLimit(vertex) ? Role.CAUSE : Role.CONTRIBUTES;
        String message =
                "Busy %s of the time%s; %s for it."
                        .formatted(
                                percent(vertex.busy()),
                                role == Role.CAUSE
                                        ? ""
                                        : " and held back itself for "
                                                + percent(vertex.backpressured()),
                                waiting.size() == 1
                                        ? "1 vertex waits"
                                        : waiting.size() + " vertices wait");
        Reason reason = Reason.ofBusy(vertex);
        double weight = vertex.busy() * heldBackFor;
        return cause(vertex, role, reason, waiting, weight, message + " " + reason.message());
    }

    private double backpressured(String vertex) {
        @Nullable HeldBack held = heldBack.get(vertex);
        return held == null ? 0 : held.producer().backpressured();
    }

    private static Cause next(VertexLoad vertex) {
        String message =
                "Busy %s of the time; nobody waits for it yet, but it is among the next to be at their limit."
                        .formatted(percent(vertex.busy()));
        Reason reason = Reason.ofBusy(vertex);
        return cause(vertex, Role.NEXT, reason, List.of(), vertex.busy(), message);
    }

    private static Cause cause(
            VertexLoad vertex,
            Role role,
            Reason reason,
            List<String> holdsBack,
            double weight,
            String message) {
        return new Cause(
                vertex.id(), role, reason.kind(), reason.subtasks(), holdsBack, weight, message);
    }

    private Map<String, List<String>> causedBy(Map<String, Cause> named) {
        Map<String, List<String>> causedBy = new HashMap<>();
        parts.forEach(
                (vertex, found) ->
                        causedBy.put(
                                vertex,
                                found.keySet().stream()
                                        .map(named::get)
                                        .filter(Objects::nonNull)
                                        .sorted(GREATEST_FIRST)
                                        .map(Cause::vertex)
                                        .toList()));
        return causedBy;
    }
}
