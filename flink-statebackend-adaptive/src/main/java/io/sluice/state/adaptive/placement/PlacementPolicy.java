package io.sluice.state.adaptive.placement;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Decides which key groups move, from a {@link PlacementSnapshot} alone: the same snapshot gives
 * the same decision. Safe from any thread. Meant to be asked about once a second, and cheap enough:
 * one pass over all key groups, and a sort when something moves.
 */
public final class PlacementPolicy {

    /*
     * One decision has one reason, tried in this order: PANIC, BUDGET, PRESSURE, COLLECTION_TIME,
     * ROOM. What an earlier one moves counts as gone for the next snapshot, so reasons that hold
     * together follow each other.
     *
     * Why a constant load comes to rest:
     * - What moves have freed but the collector has not yet counted is no pressure (Transit).
     * - Above the high mark, what is known to be garbage of the old generation neither counts nor is
     *   relieved: the collector lets it grow on purpose. It does count above the panic mark.
     * - Moves out stop at the target mark, moves back at a margin below it, and begin only below the
     *   low mark; a budget is left at 90 % and filled to 70 %.
     * - Moves back never fill the heap, old garbage included, up to the high mark.
     * - If garbage or wrong estimates defeat all that, each swing makes the next move back later and
     *   smaller (MoveBacks).
     *
     * If all state is too small to reach the target, it bears its share of the relief only, once per
     * cool-down: draining the state does not cure a leak elsewhere. In panic all of it goes.
     *
     * COLLECTION_TIME aims between the low and the target mark: collections that are too expensive
     * just above the target are so just below it too.
     */

    private static final double PANIC_PACE = 10;
    private static final int COLLECTIONS_ABOVE_HIGH = 2;

    /** Share of the heap that moves back leave free below the target mark and the high mark. */
    private static final double MARGIN = 0.05;

    private static final double BUDGET_LEFT_AT = 0.9;
    private static final double BUDGET_FILLED_TO = 0.7;

    private final PolicySettings settings;

    public PlacementPolicy(PolicySettings settings) {
        this.settings = settings;
    }

    /** Returns what to move now. */
    public Decision decide(PlacementSnapshot snapshot) {
        return new Round(snapshot).decide();
    }

    /** One decision. */
    private final class Round {

        private final long nowNanos;
        private final HeapReading heap;
        private final DecisionMemory memory;
        private final Transit transit;
        private final Candidates groups;

        /** Of the slots that have one. */
        private final Map<String, SlotBudget> budgets;

        /** Use after collection once moves out are done and collected. */
        private final long predictedBytes;

        /** The same without old garbage, as far as that is known. */
        private final long predictedLiveBytes;

        private final int collectionsAboveHigh;

        /** Bound of the live data once moves back are done. */
        private final long levelBytes;

        private final @Nullable Long belowLowSinceNanos;

        Round(PlacementSnapshot snapshot) {
            this.nowNanos = snapshot.nowNanos();
            this.heap = snapshot.heap();
            this.memory = snapshot.memory();
            this.transit = memory.transit().observe(snapshot, settings.groupCoolDown());
            this.groups = new Candidates(snapshot, transit, settings.groupCoolDown());
            this.budgets = SlotBudget.bySlot(snapshot.backends());
            this.predictedBytes = transit.predictedBytes(heap);
            this.predictedLiveBytes = transit.predictedLiveBytes(heap);
            this.collectionsAboveHigh = countAboveHigh();
            this.levelBytes = transit.withArrivals(liveBound());
            this.belowLowSinceNanos = belowLowSince();
        }

        private int countAboveHigh() {
            if (predictedBytes <= bytesAt(settings.highMark())) {
                return 0;
            }
            boolean newCollection = heap.collections() != memory.transit().collections();
            return memory.collectionsAboveHigh() + (newCollection ? 1 : 0);
        }

        private long liveBound() {
            Long lastMove = transit.lastMoveNanos();
            boolean liveIsCurrent =
                    heap.hasLive() && (lastMove == null || heap.liveAtNanos() - lastMove > 0);
            return liveIsCurrent
                    ? Math.min(heap.liveBytes(), heap.usedAfterCollectionBytes())
                    : heap.usedAfterCollectionBytes();
        }

        private @Nullable Long belowLowSince() {
            if (heap.collections() == 0 || levelBytes >= bytesAt(settings.lowMark())) {
                return null;
            }
            Long since = memory.belowLowSinceNanos();
            return since == null ? Long.valueOf(nowNanos) : since;
        }

        Decision decide() {
            if (predictedBytes > bytesAt(settings.panicMark())) {
                Decision panic = relieve(Reason.PANIC, predictedBytes, settings.targetMark());
                if (panic != null) {
                    return panic;
                }
            }
            Decision budget = keepBudget();
            if (budget != null) {
                return budget;
            }
            boolean full = collectionsAboveHigh >= COLLECTIONS_ABOVE_HIGH;
            boolean slow = heap.collectionTimeShare() > settings.maxCollectionTimeShare();
            if ((full || slow) && predictedLiveBytes > bytesAt(settings.targetMark())) {
                Decision relief =
                        full
                                ? relieve(
                                        Reason.PRESSURE, predictedLiveBytes, settings.targetMark())
                                : relieve(
                                        Reason.COLLECTION_TIME,
                                        predictedLiveBytes,
                                        (settings.lowMark() + settings.targetMark()) / 2);
                if (relief != null) {
                    return relief;
                }
            }
            Decision room = slow || collectionsAboveHigh > 0 ? null : useRoom();
            return room != null ? room : nothing();
        }

        private @Nullable Decision relieve(Reason reason, long occupiedBytes, double aim) {
            boolean panic = reason == Reason.PANIC;
            List<Candidate> candidates = groups.toDisk(reason);
            long movableBytes = Candidates.heapBytes(candidates);
            long neededBytes = occupiedBytes - bytesAt(aim);
            boolean enough = movableBytes >= neededBytes;
            List<Candidate> chosen;
            if (enough || panic) {
                chosen = Candidates.takeUntil(neededBytes, candidates);
            } else if (mayRelieveInPart()) {
                double share = (double) movableBytes / occupiedBytes;
                chosen = Candidates.takeAtMost((long) (neededBytes * share), candidates);
            } else {
                chosen = List.of();
            }
            if (chosen.isEmpty()) {
                return null;
            }
            String moves =
                    Explanation.toDisk(chosen)
                            + (panic ? Explanation.atPace(PANIC_PACE) : "")
                            + (enough ? "" : Explanation.notEnough(occupiedBytes - movableBytes));
            DecisionMemory next =
                    new DecisionMemory(
                            transit.withDecided(chosen, Tier.DISK, nowNanos),
                            0,
                            null,
                            enough ? memory.partialReliefNanos() : Long.valueOf(nowNanos),
                            memory.moveBacks().relieved(nowNanos));
            return new Decision(
                    moves(chosen, Tier.DISK),
                    reason,
                    pace(true),
                    Explanation.relief(reason, heap, occupiedBytes, settings, moves),
                    next);
        }

        private boolean mayRelieveInPart() {
            Long last = memory.partialReliefNanos();
            return last == null || hasPassed(settings.groupCoolDown(), last);
        }

        private @Nullable Decision keepBudget() {
            if (budgets.isEmpty()) {
                return null;
            }
            Map<String, Long> tooMuch = new TreeMap<>(groups.stayingBytesBySlot());
            tooMuch.entrySet()
                    .removeIf(
                            slot -> {
                                SlotBudget budget = budgets.get(slot.getKey());
                                return budget == null || slot.getValue() <= budget.bytes();
                            });
            List<Candidate> movable = groups.toDisk(Reason.BUDGET);
            List<Candidate> chosen = new ArrayList<>();
            for (Map.Entry<String, Long> slot : tooMuch.entrySet()) {
                List<Candidate> ofSlot =
                        movable.stream()
                                .filter(candidate -> candidate.slot().equals(slot.getKey()))
                                .toList();
                SlotBudget budget = Objects.requireNonNull(budgets.get(slot.getKey()));
                long excessBytes = slot.getValue() - budget.share(BUDGET_LEFT_AT);
                chosen.addAll(Candidates.takeUntil(excessBytes, ofSlot));
            }
            if (chosen.isEmpty()) {
                return null;
            }
            return new Decision(
                    moves(chosen, Tier.DISK),
                    Reason.BUDGET,
                    pace(true),
                    Explanation.budget(budgets, tooMuch, Explanation.toDisk(chosen)),
                    new DecisionMemory(
                            transit.withDecided(chosen, Tier.DISK, nowNanos),
                            collectionsAboveHigh,
                            null,
                            memory.partialReliefNanos(),
                            memory.moveBacks()));
        }

        private @Nullable Decision useRoom() {
            int caution = memory.moveBacks().caution(nowNanos);
            if (belowLowSinceNanos == null
                    || !hasPassed(
                            settings.loadBackAfter().multipliedBy(caution), belowLowSinceNanos)) {
                return null;
            }
            long untilTarget = bytesAt(settings.targetMark() - MARGIN * caution) - levelBytes;
            long untilHigh =
                    bytesAt(settings.highMark() - MARGIN)
                            - transit.withArrivals(heap.usedAfterCollectionBytes());
            long roomBytes = Math.min(untilTarget, untilHigh);
            Map<String, Long> bySlot = groups.plannedBytesBySlot();
            List<Candidate> chosen = new ArrayList<>();
            for (Candidate candidate : groups.toHeap()) {
                long bytes = candidate.load().diskBytes();
                if (bytes <= roomBytes && fitsBudget(bySlot, candidate)) {
                    chosen.add(candidate);
                    roomBytes -= bytes;
                    bySlot.merge(candidate.slot(), bytes, Long::sum);
                }
            }
            if (chosen.isEmpty()) {
                return null;
            }
            return new Decision(
                    moves(chosen, Tier.HEAP),
                    Reason.ROOM,
                    pace(false),
                    Explanation.room(
                            heap,
                            levelBytes,
                            settings.lowMark(),
                            Duration.ofNanos(nowNanos - belowLowSinceNanos),
                            Explanation.toHeap(chosen)),
                    new DecisionMemory(
                            transit.withDecided(chosen, Tier.HEAP, nowNanos),
                            collectionsAboveHigh,
                            null,
                            memory.partialReliefNanos(),
                            memory.moveBacks().movedBack(nowNanos)));
        }

        private boolean fitsBudget(Map<String, Long> bySlot, Candidate candidate) {
            SlotBudget budget = budgets.get(candidate.slot());
            if (budget == null) {
                return true;
            }
            long now = bySlot.getOrDefault(candidate.slot(), 0L);
            long full = budget.share(BUDGET_FILLED_TO);
            return now < full && now + candidate.load().diskBytes() <= full;
        }

        private Decision nothing() {
            return new Decision(
                    List.of(),
                    Reason.NONE,
                    pace(transit.leavingBytes() > 0),
                    "",
                    new DecisionMemory(
                            transit,
                            collectionsAboveHigh,
                            belowLowSinceNanos,
                            memory.partialReliefNanos(),
                            memory.moveBacks()));
        }

        /** Fast as long as the heap is in fact too full, also if the moves under way will do. */
        private double pace(boolean groupsLeave) {
            boolean full = heap.usedAfterCollectionBytes() > bytesAt(settings.panicMark());
            return groupsLeave && full ? PANIC_PACE : 1;
        }

        private long bytesAt(double mark) {
            return (long) (heap.maxBytes() * mark);
        }

        private boolean hasPassed(Duration duration, long sinceNanos) {
            return nowNanos - sinceNanos >= duration.toNanos();
        }
    }

    private static List<GroupMove> moves(List<Candidate> candidates, Tier target) {
        return candidates.stream().map(candidate -> candidate.moveTo(target)).toList();
    }
}
