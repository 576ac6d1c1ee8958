package io.sluice.runtime.backpressure.cause;

import io.sluice.runtime.backpressure.cause.Cause.Kind;
import io.sluice.runtime.backpressure.cause.Cause.Role;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static io.sluice.runtime.backpressure.cause.TestingLoad.busy;
import static io.sluice.runtime.backpressure.cause.TestingLoad.hard;
import static io.sluice.runtime.backpressure.cause.TestingLoad.heldBack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class BackpressureCausesTest {

    @Test
    void nobodyHeldBackMeansNoCause() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", heldBack(0.9, 0.09))
                        .vertex("map", busy(0.95))
                        .chain("source", "map")
                        .diagnosis();

        assertThat(diagnosis.causes()).isEmpty();
        assertThat(diagnosis.causedBy()).isEmpty();
    }

    @Test
    void slowEndOfAChainIsTheCauseForAllBeforeIt() {
        Diagnosis diagnosis = chain(busy(0.98)).diagnosis();

        assertThat(diagnosis.causes())
                .containsExactly(
                        new Cause(
                                "slow",
                                Role.CAUSE,
                                Kind.BUSY,
                                List.of(),
                                List.of("source", "map"),
                                0.98 * 0.95,
                                "Busy 98 % of the time; 2 vertices wait for it. Raise its"
                                        + " parallelism (now 1), or look with a flame graph where"
                                        + " its time goes."));
        assertThat(diagnosis.causedBy())
                .isEqualTo(Map.of("source", List.of("slow"), "map", List.of("slow")));
    }

    @Test
    void busyVertexThatIsHeldBackContributes() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", heldBack(0.05, 0.95))
                        .vertex("map", heldBack(0.6, 0.4))
                        .vertex("slow", busy(1))
                        .chain("source", "map", "slow")
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("slow");
        assertThat(vertices(diagnosis, Role.CONTRIBUTES)).containsExactly("map");
        Cause map = diagnosis.causes().get(1);
        assertThat(map.holdsBack()).containsExactly("source");
        assertThat(map.message())
                .isEqualTo(
                        "Busy 60 % of the time and held back itself for 40 %; 1 vertex waits for"
                                + " it. Raise its parallelism (now 1), or look with a flame graph"
                                + " where its time goes.");
        assertThat(diagnosis.causedBy())
                .isEqualTo(Map.of("source", List.of("slow", "map"), "map", List.of("slow")));
    }

    @Test
    void threeBusiestThatHoldNobodyBackAreNext() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", heldBack(0.3, 0.7))
                        .vertex("slow", busy(1))
                        .vertex("a", busy(0.2))
                        .vertex("b", busy(0.4))
                        .vertex("c", busy(0.3))
                        .vertex("d", busy(0.15))
                        .vertex("e", busy(0.05))
                        .chain("source", "slow", "a", "b", "c", "d", "e")
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.NEXT)).containsExactly("b", "c", "a");
        Cause b = diagnosis.causes().get(1);
        assertThat(b.holdsBack()).isEmpty();
        assertThat(b.weight()).isEqualTo(0.4, within(1e-9));
        assertThat(b.message())
                .isEqualTo(
                        "Busy 40 % of the time; nobody waits for it yet, but it is among the next"
                                + " to be at their limit.");
    }

    @Test
    void nextLimitIsNotHiddenByThoseThatContributeLittle() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", heldBack(0.05, 0.95))
                        .vertex("a", heldBack(0.25, 0.75))
                        .vertex("b", heldBack(0.25, 0.75))
                        .vertex("slow", busy(1))
                        .vertex("slower than a and b", busy(0.7))
                        .chain("source", "a", "b", "slow", "slower than a and b")
                        .diagnosis();

        assertThat(diagnosis.causes())
                .extracting(Cause::vertex)
                .containsExactly("slow", "slower than a and b");
    }

    @Test
    void quickerSideOfAForkIsNext() {
        Diagnosis diagnosis = fork(busy(1), busy(0.6)).diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("left");
        assertThat(vertices(diagnosis, Role.NEXT)).containsExactly("right");
    }

    @Test
    void bothSidesOfAForkAtTheirLimitAreCauses() {
        Diagnosis diagnosis = fork(busy(0.97), busy(0.99)).diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("right", "left");
        assertThat(diagnosis.causedBy()).isEqualTo(Map.of("source", List.of("right", "left")));
    }

    @Test
    void emptyBuffersTellWhichSideOfAForkIsWaitedFor() {
        Diagnosis diagnosis =
                fork(busy(0.97), busy(0.99))
                        .tracked("source", "left", 0.9, 0.8)
                        .tracked("source", "right", 0.2, 0.01)
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("left");
        assertThat(vertices(diagnosis, Role.NEXT)).containsExactly("right");
        assertThat(diagnosis.causedBy()).isEqualTo(Map.of("source", List.of("left")));
    }

    @Test
    void fullBuffersNameAConsumerThatRestsMoreThanItsSibling() {
        Diagnosis diagnosis =
                fork(busy(0.97), busy(0.6))
                        .tracked("source", "left", 0.9, 0.6)
                        .tracked("source", "right", 0.8, 0.3)
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("left", "right");
    }

    @Test
    void buffersSeenEmptyEverywhereTellNothing() {
        Diagnosis diagnosis =
                fork(busy(0.97), busy(0.2))
                        .tracked("source", "left", 0.4, 0.04)
                        .tracked("source", "right", 0.2, 0.01)
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("left");
    }

    @Test
    void slowSideOfADiamondIsTheCause() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", heldBack(0.1, 0.9))
                        .vertex("left", heldBack(0.1, 0.85))
                        .vertex("right", busy(0.1))
                        .vertex("slow", busy(1))
                        .vertex("join", busy(0.3))
                        .chain("source", "left", "slow", "join")
                        .chain("source", "right", "join")
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("slow");
        assertThat(diagnosis.causes().get(0).holdsBack()).containsExactly("source", "left");
        assertThat(diagnosis.causedBy())
                .isEqualTo(Map.of("source", List.of("slow"), "left", List.of("slow")));
    }

    @Test
    void slowJoinHoldsBackAllItsSources() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("one", heldBack(0.2, 0.8))
                        .vertex("two", heldBack(0.4, 0.6))
                        .vertex("join", busy(1))
                        .chain("one", "join")
                        .chain("two", "join")
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("join");
        assertThat(diagnosis.causes().get(0).holdsBack()).containsExactly("one", "two");
    }

    @Test
    void sourcesWithoutBackpressureAreNotMentioned() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("one", heldBack(0.2, 0.8))
                        .vertex("two", busy(1))
                        .vertex("slow", busy(1))
                        .vertex("join", busy(0.05))
                        .chain("one", "slow", "join")
                        .chain("two", "join")
                        .diagnosis();

        assertThat(diagnosis.causes()).extracting(Cause::vertex).containsExactly("slow");
    }

    @Test
    void siblingsOfTheSlowSubtaskThatAreHeldBackDoNotMakeItInnocent() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", heldBack(0.1, 0.9))
                        .vertex("slow", busy(1), heldBack(0.3, 0.4))
                        .vertex("after", busy(0.9), busy(0.2))
                        .chain("source", "slow", "after")
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("slow", "after");
        assertThat(diagnosis.causedBy())
                .isEqualTo(Map.of("source", List.of("slow"), "slow", List.of("after")));
    }

    @Test
    void hotKeysAreSkew() {
        Cause cause =
                chain(
                                busy(0.1).records(100),
                                busy(0.1).records(100),
                                busy(0.1).records(100),
                                busy(0.97).records(1000))
                        .diagnosis()
                        .causes()
                        .get(0);

        assertThat(cause.kind()).isEqualTo(Kind.SKEW);
        assertThat(cause.subtasks()).containsExactly(3);
        assertThat(cause.message())
                .isEqualTo(
                        "Busy 97 % of the time; 2 vertices wait for it. Subtask 3 is busy 97 % of"
                                + " the time, the mean is 32 %: it gets 3.1 times as many records"
                                + " as the mean. Look for hot keys, or rebalance before it.");
    }

    @Test
    void slowSubtaskWithEvenRecordsIsSkewOfAnotherSort() {
        Cause cause =
                chain(busy(0.2), busy(0.97).process("tm-2", 0, 0.5), busy(0.2))
                        .diagnosis()
                        .causes()
                        .get(0);

        assertThat(cause.kind()).isEqualTo(Kind.SKEW);
        assertThat(cause.subtasks()).containsExactly(1);
        assertThat(cause.message())
                .isEqualTo(
                        "Busy 97 % of the time; 2 vertices wait for it. Subtask 1 is busy 97 % of"
                                + " the time, the mean is 46 %, but the others get as many records:"
                                + " either its records take more work, or TaskManager tm-2 is"
                                + " slower than the others.");
    }

    @Test
    void unevenRecordsThatKeepAllSubtasksBusyAreNoSkew() {
        Cause cause =
                chain(busy(0.97).records(3000), busy(0.95).records(100), busy(0.96).records(100))
                        .diagnosis()
                        .causes()
                        .get(0);

        assertThat(cause.kind()).isEqualTo(Kind.BUSY);
        assertThat(cause.subtasks()).isEmpty();
    }

    @Test
    void collectionsOfGarbageComeBeforeAnythingElse() {
        Cause cause =
                chain(busy(0.1), busy(0.97).cpu(0.1).process("tm-2", 0.45, 0.5))
                        .diagnosis()
                        .causes()
                        .get(0);

        assertThat(cause.kind()).isEqualTo(Kind.GC);
        assertThat(cause.subtasks()).containsExactly(1);
        assertThat(cause.message())
                .isEqualTo(
                        "Busy 97 % of the time; 2 vertices wait for it. Collections of garbage take"
                                + " 45 % of the time of TaskManager tm-2. Give it more heap, or let"
                                + " its operators allocate and keep less.");
    }

    @Test
    void threadThatHardlyRunsWaitsForSomethingOutside() {
        Cause cause = chain(busy(0.9).cpu(0.036)).diagnosis().causes().get(0);

        assertThat(cause.kind()).isEqualTo(Kind.EXTERNAL_WAIT);
        assertThat(cause.message())
                .isEqualTo(
                        "Busy 90 % of the time; 2 vertices wait for it. Its thread ran only 4 % of"
                                + " the time that it was busy: it waits for something outside of"
                                + " Flink, such as a database, a lock or a file. Ask"
                                + " asynchronously, for several records at once, or less often.");
    }

    @Test
    void littleProcessorTimeOfASaturatedMachineIsNoWait() {
        Cause cause =
                chain(busy(0.9).cpu(0.2).process("tm-1", 0, 0.99)).diagnosis().causes().get(0);

        assertThat(cause.kind()).isEqualTo(Kind.BUSY);
        assertThat(cause.message())
                .isEqualTo(
                        "Busy 90 % of the time; 2 vertices wait for it. The processors of its"
                                + " TaskManagers are in use for 99 %: give them more, or its"
                                + " records less work.");
    }

    @Test
    void hardlyAnyProcessorTimeIsAWaitOnAnyMachine() {
        Cause cause =
                chain(busy(0.9).cpu(0.01).process("tm-1", 0, 0.99)).diagnosis().causes().get(0);

        assertThat(cause.kind()).isEqualTo(Kind.EXTERNAL_WAIT);
        assertThat(cause.message())
                .endsWith(" Or it seldom gets its turn: the processors are in use for 99 %.");
        assertThat(kindOf(busy(0.9).cpu(0.01).process("tm-1", 0, Double.NaN)))
                .isEqualTo(Kind.EXTERNAL_WAIT);
    }

    @Test
    void unknownProcessorTimeIsNoWait() {
        assertThat(kindOf(busy(0.9).cpu(Double.NaN))).isEqualTo(Kind.BUSY);
        assertThat(kindOf(busy(0.9).cpu(0.2).process("tm-1", 0, Double.NaN))).isEqualTo(Kind.BUSY);
    }

    @Test
    void producerOfBurstsIsItsOwnCause() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", busy(0.3))
                        .vertex("window", hard(0.4, 0.4))
                        .vertex("sink", busy(0.4))
                        .chain("source", "window", "sink")
                        .diagnosis();

        Cause cause = diagnosis.causes().get(0);
        assertThat(cause.vertex()).isEqualTo("window");
        assertThat(cause.role()).isEqualTo(Role.CAUSE);
        assertThat(cause.kind()).isEqualTo(Kind.HARD);
        assertThat(cause.message())
                .isEqualTo(
                        "Held back for 40 % of the time, 100 % of that within a record or timer: it"
                                + " sends more at once than there are buffers for, and its"
                                + " consumers rest in between. Send less per record or timer, or"
                                + " raise 'taskmanager.memory.segment-size'.");
        assertThat(diagnosis.causedBy()).isEqualTo(Map.of("window", List.of("window")));
    }

    @Test
    void slowConsumerOfHardWaitsIsTheCause() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", hard(0.02, 0.98))
                        .vertex("slow", busy(0.99))
                        .chain("source", "slow")
                        .diagnosis();

        assertThat(diagnosis.causes().get(0).vertex()).isEqualTo("slow");
        assertThat(diagnosis.causes().get(0).kind()).isEqualTo(Kind.BUSY);
    }

    @Test
    void burstsThatPassThroughAreThoseOfTheirProducer() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("window", hard(0.3, 0.4))
                        .vertex("map", heldBack(0.2, 0.3))
                        .vertex("sink", busy(0.4))
                        .chain("window", "map", "sink")
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("window");
        assertThat(diagnosis.causedBy())
                .isEqualTo(Map.of("window", List.of("window"), "map", List.of("window")));
    }

    @Test
    void heldBackWithoutBusyConsumerIsTheNetwork() {
        Diagnosis diagnosis = fork(busy(0.1).records(10), busy(0.2).records(5000)).diagnosis();

        Cause cause = diagnosis.causes().get(0);
        assertThat(cause.vertex()).isEqualTo("right");
        assertThat(cause.kind()).isEqualTo(Kind.NETWORK);
        assertThat(cause.holdsBack()).containsExactly("source");
        assertThat(cause.message())
                .isEqualTo(
                        "'source' is held back for 80 % of the time, but 'right', which gets its"
                                + " records, is busy for only 20 %: the buffers are on their way."
                                + " Look at the network between their TaskManagers.");
    }

    @Test
    void fullestBuffersTellWhereTheNetworkIsSlow() {
        Diagnosis diagnosis =
                fork(busy(0.1).records(10), busy(0.2).records(5000))
                        .tracked("source", "left", 0.9, 0.7)
                        .tracked("source", "right", 0.6, 0.1)
                        .diagnosis();

        assertThat(diagnosis.causes().get(0).vertex()).isEqualTo("left");
    }

    @Test
    void busyVertexThatTheNetworkHoldsBackNowAndThenIsTheFirstCause() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", heldBack(0.28, 0.72))
                        .vertex("slow", heldBack(0.88, 0.12))
                        .vertex("sink", busy(0.32))
                        .chain("source", "slow", "sink")
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("slow", "sink");
        assertThat(diagnosis.causes())
                .extracting(Cause::kind)
                .containsExactly(Kind.BUSY, Kind.NETWORK);
        assertThat(diagnosis.causedBy())
                .isEqualTo(Map.of("source", List.of("slow"), "slow", List.of("sink")));
    }

    @Test
    void consumerThatHasNotReportedIsNotNamedAndItsProducerNotJudged() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("source", heldBack(0.1, 0.9))
                        .vertex("silent")
                        .vertex("sink", busy(0.1))
                        .chain("source", "silent")
                        .chain("source", "sink")
                        .diagnosis();

        assertThat(diagnosis.causes()).isEmpty();
        assertThat(diagnosis.causedBy()).isEqualTo(Map.of("source", List.of()));
    }

    @Test
    void onlyTheLastAttemptOfASubtaskCounts() {
        Diagnosis diagnosis =
                chain(busy(0.98))
                        .subtask("slow", 0, 1, busy(0.98).process("tm-2", 0.5, 0.5))
                        .subtask("map", 0, -1, busy(1))
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("slow");
        assertThat(diagnosis.causes().get(0).kind()).isEqualTo(Kind.GC);
    }

    @Test
    void cycleEnds() {
        Diagnosis diagnosis =
                new TestingLoad()
                        .vertex("a", heldBack(0.1, 0.9))
                        .vertex("b", heldBack(0.1, 0.9))
                        .vertex("slow", busy(1))
                        .chain("a", "b", "a")
                        .chain("b", "slow")
                        .diagnosis();

        assertThat(vertices(diagnosis, Role.CAUSE)).containsExactly("slow");
    }

    private static TestingLoad chain(TestingLoad.Subtask... slow) {
        return new TestingLoad()
                .vertex("source", heldBack(0.05, 0.95))
                .vertex("map", heldBack(0.1, 0.9))
                .vertex("slow", slow)
                .chain("source", "map", "slow");
    }

    private static TestingLoad fork(TestingLoad.Subtask left, TestingLoad.Subtask right) {
        return new TestingLoad()
                .vertex("source", heldBack(0.2, 0.8))
                .vertex("left", left)
                .vertex("right", right)
                .chain("source", "left")
                .chain("source", "right");
    }

    private static Kind kindOf(TestingLoad.Subtask slow) {
        return chain(slow).diagnosis().causes().get(0).kind();
    }

    private static List<String> vertices(Diagnosis diagnosis, Role role) {
        return diagnosis.causes().stream()
                .filter(cause -> cause.role() == role)
                .map(Cause::vertex)
                .toList();
    }
}
