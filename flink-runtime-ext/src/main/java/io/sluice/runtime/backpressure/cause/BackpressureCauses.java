package io.sluice.runtime.backpressure.cause;

import io.sluice.runtime.backpressure.cause.Cause.Kind;
import io.sluice.runtime.backpressure.cause.Cause.Role;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
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
     *    one that is held back leads to its own causes, and CONTRIBUTES if it is busy as well; but
     *    if it is busy for longer than the network holds it back, it is a CAUSE beside that.
     *    A way's part is the product of the shares of its waits.
     * 5. The weight of a cause is its busy share times the greatest time held back of all that
     *    wait for it, times the way's part. Those far up count on purpose: every vertex before a
     *    bottleneck waits for it, also those that wait for a lesser cause as well, so the
     *    bottleneck weighs most.
     * 6. What is left and holds nobody back is NEXT, if it is busy. Those that contribute and are
     *    less than half as busy as another vertex that is not at its limit are not worth a mention:
     *    of all these, the busiest is the next limit.
     */

    private static final double CONTRIBUTES_FROM = 0.2;
    private static final double NEXT_FROM = 0.1;
    private static final int NEXT_AT_MOST = 3;

    /** The network has no busy share; it is named after what is busy as much as it could be. */
    private static final double NETWORK_WEIGHT = 0.5;

    private static final Comparator<Cause> GREATEST_FIRST =
            Comparator.comparingDouble(Cause::weight).reversed().thenComparing(Cause::vertex);

    private final Map<String, VertexLoad> vertices;
    private final Map<String, HeldBack> heldBack = new LinkedHashMap<>();

    /** Those that hold nobody back, the busiest first; never a source. */
    private final List<VertexLoad> next;

    private final Ways ways;

    private BackpressureCauses(JobLoad load) {
        JobTopology topology = load.topology();
        vertices = VertexLoad.of(load);
        for (VertexLoad vertex : vertices.values()) {
            if (vertex.heldBack()) {
                heldBack.put(vertex.id(), HeldBack.of(vertex, topology, vertices, load.edges()));
            }
        }
        next = holdNobodyBack();
        ways = new Ways(topology, heldBack, leastToContribute());
    }

    /** Returns who holds back whom; nobody if nobody is held back. */
    public static Diagnosis of(JobLoad load) {
        return new BackpressureCauses(load).diagnosis();
    }

    private Diagnosis diagnosis() {
        Map<String, Cause> named = new HashMap<>();
        for (VertexLoad vertex : vertices.values()) {
            List<String> waiting = ways.to(vertex.id());
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

    private double leastToContribute() {
        double busiest = next.isEmpty() ? 0 : next.get(0).busy();
        for (VertexLoad vertex : vertices.values()) {
            if (!vertex.source() && vertex.guiltyHeldBack()) {
                busiest = Math.max(busiest, vertex.busy());
            }
        }
        return Math.max(CONTRIBUTES_FROM, busiest / 2);
    }

    private Cause cause(VertexLoad vertex, List<String> waiting) {
        double heldBackFor =
                waiting.stream()
                        .mapToDouble(one -> ways.part(one, vertex.id()) * backpressured(one))
                        .max()
                        .orElse(0);
        @Nullable Reason other = ways.otherReasonOf(vertex.id());
        if (other != null) {
            double weight = heldBackFor * (other.kind() == Kind.NETWORK ? NETWORK_WEIGHT : 1);
            return cause(vertex, Role.CAUSE, other, waiting, weight, other.message());
        }
        Role role = ways.endAtLimitOf(vertex.id()) ? Role.CAUSE : Role.CONTRIBUTES;
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
        heldBack.keySet()
                .forEach(
                        (vertex) ->
                                causedBy.put(
                                        vertex,
                                        ways.from(vertex).stream()
                                                .map(named::get)
                                                .filter(Objects::nonNull)
                                                .sorted(GREATEST_FIRST)
                                                .map(Cause::vertex)
                                                .toList()));
        return causedBy;
    }
}
