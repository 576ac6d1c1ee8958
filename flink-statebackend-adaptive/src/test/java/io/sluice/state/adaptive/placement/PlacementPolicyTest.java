package io.sluice.state.adaptive.placement;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PlacementPolicyTest {

    private static final long MIB = 1 << 20;

    private final List<KeyGroupLoad> groups = new ArrayList<>();
    private long budgetBytes = SlotBudget.NONE;
    private PolicySettings settings = PolicySettings.defaults();
    private DecisionMemory memory = DecisionMemory.initial();
    private long second;
    private long collections;
    private long liveMiB = -1;
    private long liveAtSecond;
    private double collectionTimeShare;
    private @Nullable BackendLoad otherBackend;

    @Test
    void oneCollectionAboveTheHighMarkIsNoPressure() {
        hot(12, 20);

        Decision decision = afterCollection(410);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
        assertThat(decision.moves()).isEmpty();
        assertThat(decision.explanation()).isEmpty();
        assertThat(decision.paceFactor()).isEqualTo(1);
    }

    @Test
    void lookingTwiceAtOneCollectionIsNoPressure() {
        hot(12, 20);
        afterCollection(410);

        Decision decision = decide(410);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void secondCollectionAboveTheHighMarkMovesDownToTheTarget() {
        hot(12, 20);
        afterCollection(400);

        Decision decision = afterCollection(410);

        assertThat(decision.reason()).isEqualTo(Reason.PRESSURE);
        assertThat(decision.moves()).hasSize(6).allMatch(move -> move.target() == Tier.DISK);
        assertThat(decision.paceFactor()).isEqualTo(1);
        assertThat(decision.explanation())
                .isEqualTo(
                        "Heap 82 % full after collection (410 of 500 MiB), above the high mark of 75 %: moving 6 key groups (about 120 MiB, 600 k entries) to disk");
    }

    @Test
    void mostMemoryForLeastAccessGoesFirst() {
        groups.add(onHeap(0, 100, 9));
        groups.add(onHeap(1, 30, 0));
        groups.add(onHeap(2, 60, 1));
        groups.add(onHeap(3, 60, 0));
        afterCollection(410);

        Decision decision = afterCollection(410);

        assertThat(decision.moves()).extracting(GroupMove::keyGroup).containsExactly(3, 1, 2);
    }

    @Test
    void pinnedMovingAndTinyGroupsStay() {
        groups.add(new KeyGroupLoad(0, Tier.HEAP, Motion.AT_REST, 1, 80 * MIB, 0, 0, 0, true));
        groups.add(new KeyGroupLoad(1, Tier.HEAP, Motion.MOVING, 1, 80 * MIB, 0, 0, 0, false));
        groups.add(new KeyGroupLoad(2, Tier.HEAP, Motion.AT_REST, 1, 60 << 10, 0, 0, 0, false));
        groups.add(onHeap(3, 110, 1000));
        afterCollection(410);

        Decision decision = afterCollection(410);

        assertThat(decision.moves()).extracting(GroupMove::keyGroup).containsExactly(3);
    }

    @Test
    void oldGarbageIsNoPressure() {
        hot(12, 20);
        liveMiB = 250;
        afterCollection(410);

        Decision decision = afterCollection(410);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void onlyLiveDataAboveTheTargetIsRelieved() {
        hot(12, 20);
        liveMiB = 310;
        afterCollection(410);

        Decision decision = afterCollection(410);

        assertThat(decision.explanation())
                .isEqualTo(
                        "Heap 82 % full after collection (410 of 500 MiB, about 310 MiB without groups that leave and known garbage), above the high mark of 75 %: moving 1 key group (about 20 MiB, 100 k entries) to disk");
    }

    @Test
    void growthOfStateSinceTheOldCollectionCounts() {
        hot(12, 20);
        liveMiB = 270;
        afterCollection(300);
        groups.replaceAll(group -> onHeap(group.keyGroup(), 30, 1));
        afterCollection(410);

        Decision decision = afterCollection(410);

        assertThat(decision.reason()).isEqualTo(Reason.PRESSURE);
        assertThat(decision.moves()).hasSize(3);
    }

    @Test
    void whatMovesFreedIsNoPressureUntilTheOldGenerationIsCollected() {
        hot(12, 20);
        afterCollection(410);
        Decision first = afterCollection(410);
        finish(first);

        Decision afterMoves = afterCollection(415);
        Decision again = afterCollection(415);

        assertThat(first.moves()).hasSize(6);
        assertThat(afterMoves.reason()).isEqualTo(Reason.NONE);
        assertThat(again.reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void estimatesThatWereTooLargeAreFoundOutByOldCollections() {
        hot(12, 20);
        afterCollection(410);
        finish(afterCollection(410));

        List<Reason> reasons = new ArrayList<>();
        for (int collection = 0; collection < 8; collection++) {
            liveMiB = 400;
            liveAtSecond = second + 1;
            reasons.add(afterCollection(400).reason());
        }

        assertThat(reasons).contains(Reason.PRESSURE);
    }

    @Test
    void decidedMovesAreNotDecidedAgainBeforeTheyStart() {
        hot(12, 20);
        afterCollection(480);
        afterCollection(410);
        afterCollection(410);

        Decision decision = afterCollection(480);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
        assertThat(decision.paceFactor()).isEqualTo(10);
    }

    @Test
    void stateTooSmallToHelpLeavesInProportionOncePerCoolDown() {
        hot(10, 4);
        afterCollection(400);

        Decision first = afterCollection(400);
        afterCollection(400);
        Decision soon = afterCollection(400);
        second += 60;
        Decision later = afterCollection(400);

        assertThat(first.explanation())
                .isEqualTo(
                        "Heap 80 % full after collection (400 of 500 MiB), above the high mark of 75 %: moving 2 key groups (about 8 MiB, 200 k entries) to disk; moving state cannot free enough, other users of the heap hold about 360 MiB");
        assertThat(soon.reason()).isEqualTo(Reason.NONE);
        assertThat(later.reason()).isEqualTo(Reason.PRESSURE);
    }

    @Test
    void panicActsAtOnceAndMovesAllIfNeeded() {
        hot(10, 4);
        groups.add(new KeyGroupLoad(10, Tier.HEAP, Motion.AT_REST, 7, 1024, 0, 0, 0, false));

        Decision decision = afterCollection(460);

        assertThat(decision.reason()).isEqualTo(Reason.PANIC);
        assertThat(decision.moves()).hasSize(11);
        assertThat(decision.paceFactor()).isEqualTo(10);
        assertThat(decision.explanation())
                .isEqualTo(
                        "Heap 92 % full after collection (460 of 500 MiB), above the panic mark of 90 %: moving 11 key groups (about 40 MiB, 1.0 M entries) to disk at 10 times the pace; moving state cannot free enough, other users of the heap hold about 420 MiB");
    }

    @Test
    void expensiveCollectionsMoveStateWithoutHighMark() {
        hot(12, 20);
        collectionTimeShare = 0.14;
        liveMiB = 325;

        Decision decision = afterCollection(330);

        assertThat(decision.explanation())
                .isEqualTo(
                        "Collections take 14 % of the time, above the limit of 10 %, with the heap 65 % full (325 of 500 MiB): moving 4 key groups (about 80 MiB, 400 k entries) to disk");
    }

    @Test
    void expensiveCollectionsOfAnEmptyHeapMoveNothing() {
        hot(12, 20);
        collectionTimeShare = 0.14;
        liveMiB = 250;

        Decision decision = afterCollection(330);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void stateAboveTheBudgetOfItsSlotLeavesWithoutAnyCollection() {
        budgetBytes = 100 * MIB;
        hot(12, 10);
        otherBackend = new BackendLoad(2, "b", slot("slot-b"), List.of(onHeap(0, 100, 0)));

        Decision decision = decide(0);

        assertThat(decision.moves())
                .hasSize(3)
                .allMatch(move -> move.backendId() == 1 && move.target() == Tier.DISK);
        assertThat(decision.explanation())
                .isEqualTo(
                        "State on heap above the budget (about 120 of 100 MiB in slot slot-a): moving 3 key groups (about 30 MiB, 300 k entries) to disk");
    }

    @Test
    void eachSlotHasTheBudgetOfItsJob() {
        budgetBytes = 100 * MIB;
        hot(12, 10);
        otherBackend =
                new BackendLoad(
                        2, "b", new SlotBudget("slot-b", 70 * MIB), List.of(onHeap(0, 80, 0)));

        Decision decision = decide(0);

        assertThat(decision.moves())
                .extracting(GroupMove::backendId)
                .containsExactly(1L, 1L, 1L, 2L);
        assertThat(decision.explanation())
                .isEqualTo(
                        "State on heap above the budget (about 120 of 100 MiB in slot slot-a, about 80 of 70 MiB in slot slot-b): moving 4 key groups (about 110 MiB, 400 k entries) to disk");
    }

    @Test
    void slotWithoutABudgetMayHoldAnyAmount() {
        hot(12, 10);
        otherBackend =
                new BackendLoad(
                        2, "b", new SlotBudget("slot-b", 70 * MIB), List.of(onHeap(0, 60, 0)));

        Decision decision = decide(0);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void groupWhoseMoveWasStoppedGoesOn() {
        groups.add(
                new KeyGroupLoad(0, Tier.DISK, Motion.STOPPED, 1, 80 * MIB, 1, 80 * MIB, 0, false));
        hot(5, 60);
        afterCollection(400);

        Decision decision = afterCollection(400);

        assertThat(decision.moves()).extracting(GroupMove::keyGroup).contains(0);
    }

    @Test
    void roomBringsBackTheMostUsedUpToAMarginBelowTheTarget() {
        groups.add(onDisk(0, 50, 0));
        groups.add(onDisk(1, 50, 10));
        groups.add(onDisk(2, 40, 90));
        groups.add(onDisk(3, 50, 100));
        afterCollection(155);
        second += 59;

        Decision decision = afterCollection(155);

        assertThat(decision.reason()).isEqualTo(Reason.ROOM);
        assertThat(decision.moves()).extracting(GroupMove::keyGroup).containsExactly(2, 3);
        assertThat(decision.moves()).allMatch(move -> move.target() == Tier.HEAP);
        assertThat(decision.explanation())
                .isEqualTo(
                        "Heap at most 31 % full of live data (155 of 500 MiB), below the low mark of 45 % for 60 s: moving 2 key groups (about 90 MiB, 200 k entries) back to heap");
    }

    @Test
    void unusedGroupsComeBackLast() {
        groups.add(onDisk(0, 1, 0));
        groups.add(onDisk(1, 50, 0.01));
        afterCollection(155);
        second += 59;

        Decision decision = afterCollection(155);

        assertThat(decision.moves()).extracting(GroupMove::keyGroup).containsExactly(1, 0);
    }

    @Test
    void roomInterruptedByAFullHeapStartsAnew() {
        groups.add(onDisk(0, 50, 1));
        afterCollection(155);
        second += 40;
        afterCollection(230);
        second += 40;

        Decision decision = afterCollection(155);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void nothingIsKnownBeforeTheFirstCollection() {
        groups.add(onDisk(0, 50, 1));
        decide(0);
        second += 100;

        Decision decision = decide(0);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void liveReadingOlderThanTheLastMoveIsNotTrusted() {
        groups.add(onDisk(0, 50, 1));
        groups.add(new KeyGroupLoad(1, Tier.HEAP, Motion.MOVING, 1, 0, 1, 10 * MIB, 1, false));
        liveMiB = 155;
        afterCollection(290);
        groups.set(1, onHeap(1, 10, 1));
        afterCollection(290);
        second += 100;

        Decision stale = afterCollection(290);
        liveAtSecond = second;
        afterCollection(290);
        second += 60;
        Decision current = afterCollection(290);

        assertThat(stale.reason()).isEqualTo(Reason.NONE);
        assertThat(current.reason()).isEqualTo(Reason.ROOM);
    }

    @Test
    void budgetIsFilledToSeventyPercentOnly() {
        budgetBytes = 100 * MIB;
        groups.add(onHeap(0, 40, 1));
        groups.add(onDisk(1, 20, 3));
        groups.add(onDisk(2, 20, 2));
        groups.add(onDisk(3, 10, 1));
        afterCollection(100);
        second += 59;

        Decision decision = afterCollection(100);

        assertThat(decision.moves()).extracting(GroupMove::keyGroup).containsExactly(1, 3);
    }

    @Test
    void groupIsNotMovedBackWithinItsCoolDownExceptInPanic() {
        settings = settings.withLoadBackAfter(Duration.ofSeconds(1));
        groups.add(onDisk(0, 110, 1));
        afterCollection(155);
        finish(afterCollection(155));
        afterCollection(410);

        Decision pressure = afterCollection(410);
        Decision panic = afterCollection(460);

        assertThat(pressure.reason()).isEqualTo(Reason.NONE);
        assertThat(panic.moves()).containsExactly(new GroupMove(1, 0, Tier.DISK));
    }

    @Test
    void movesBackThatProveWrongComeLaterAndSmaller() {
        groups.add(onDisk(0, 80, 1));
        afterCollection(155);
        second += 60;
        Decision firstTry = finish(afterCollection(155));
        second += 60;
        finish(afterCollection(460));

        second += 60;
        liveMiB = 155;
        liveAtSecond = second;
        afterCollection(155);
        second += 100;
        Decision tooSoon = afterCollection(155);
        second += 20;
        Decision secondTry = afterCollection(155);

        assertThat(firstTry.reason()).isEqualTo(Reason.ROOM);
        assertThat(tooSoon.reason()).isEqualTo(Reason.NONE);
        assertThat(secondTry.reason()).isEqualTo(Reason.ROOM);
    }

    @Test
    void stateOfABackendThatIsGoneIsGarbage() {
        otherBackend =
                new BackendLoad(
                        2,
                        "b",
                        slot("slot-b"),
                        IntStream.range(0, 10).mapToObj(group -> onHeap(group, 20, 1)).toList());
        hot(5, 20);
        afterCollection(360);
        otherBackend = null;
        afterCollection(400);

        Decision decision = afterCollection(400);

        assertThat(decision.reason()).isEqualTo(Reason.NONE);
    }

    @Test
    void settingsRejectMarksThatDoNotRise() {
        assertThatThrownBy(() -> settings.withMarks(0.5, 0.4, 0.7, 0.9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "lowMark=0.5, targetMark=0.4, highMark=0.7, panicMark=0.9: must rise, in (0, 1]");
    }

    private void hot(int count, long mebibytes) {
        for (int group = 0; group < count; group++) {
            groups.add(onHeap(group, mebibytes, 1));
        }
    }

    private static KeyGroupLoad onHeap(int group, long mebibytes, double rate) {
        return new KeyGroupLoad(
                group, Tier.HEAP, Motion.AT_REST, 100_000, mebibytes * MIB, 0, 0, rate, false);
    }

    private static KeyGroupLoad onDisk(int group, long mebibytes, double rate) {
        return new KeyGroupLoad(
                group, Tier.DISK, Motion.AT_REST, 0, 0, 100_000, mebibytes * MIB, rate, false);
    }

    /** Carries out all moves at once. */
    private Decision finish(Decision decision) {
        for (GroupMove move : decision.moves()) {
            groups.replaceAll(group -> group.keyGroup() == move.keyGroup() ? moved(group) : group);
        }
        return decision;
    }

    private static KeyGroupLoad moved(KeyGroupLoad group) {
        return new KeyGroupLoad(
                group.keyGroup(),
                group.tier() == Tier.HEAP ? Tier.DISK : Tier.HEAP,
                Motion.AT_REST,
                group.diskEntries(),
                group.diskBytes(),
                group.heapEntries(),
                group.heapBytes(),
                group.accessesPerSecond(),
                false);
    }

    private SlotBudget slot(String name) {
        return new SlotBudget(name, budgetBytes);
    }

    private Decision afterCollection(long usedMiB) {
        collections++;
        return decide(usedMiB);
    }

    /** Decides a second later. */
    private Decision decide(long usedMiB) {
        second++;
        List<BackendLoad> backends = new ArrayList<>();
        backends.add(new BackendLoad(1, "a", slot("slot-a"), groups));
        if (otherBackend != null) {
            backends.add(otherBackend);
        }
        HeapReading heap =
                new HeapReading(
                        500 * MIB,
                        usedMiB * MIB,
                        liveMiB < 0 ? -1 : liveMiB * MIB,
                        liveAtSecond * 1_000_000_000,
                        collections,
                        collectionTimeShare);
        Decision decision =
                new PlacementPolicy(settings)
                        .decide(
                                new PlacementSnapshot(
                                        second * 1_000_000_000, heap, backends, memory));
        memory = decision.memory();
        return decision;
    }
}
