package io.sluice.state.adaptive.pressure;

import io.sluice.state.adaptive.placement.HeapReading;
import io.sluice.state.adaptive.pressure.CollectionEvent.PoolUse;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Event sequences as the collectors of JDK 17 and 21 report them. */
class PressureStateTest {

    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    private PressureState state = PressureState.initial(128 * MIB);

    @Test
    void nothingIsKnownBeforeTheFirstCollection() {
        assertThat(state.readingAt(0)).isEqualTo(new HeapReading(128 * MIB, 0, -1, 0, 0, 0));
    }

    @Test
    void serialYoungCollectionCountsOldGarbage() {
        collected("Copy", "end of minor GC", 1, 20, serial(34, 0, 0, 4, 0, 21));

        assertThat(reading()).isEqualTo(new HeapReading(128 * MIB, 25 * MIB, -1, 0, 1, 0.002));
    }

    @Test
    void serialFullCollectionTellsWhatIsLive() {
        collected("Copy", "end of minor GC", 1, 20, serial(34, 0, 0, 4, 0, 75));
        collected("MarkSweepCompact", "end of major GC", 2, 80, serial(34, 0, 4, 0, 75, 20));
        collected("Copy", "end of minor GC", 3, 0, serial(34, 0, 0, 1, 20, 20));

        assertThat(reading())
                .isEqualTo(new HeapReading(128 * MIB, 21 * MIB, 20 * MIB, 2 * SECOND, 3, 0.01));
    }

    @Test
    void serialYoungCollectionThatGaveUpIsNoReading() {
        collected("Copy", "end of minor GC", 1, 20, serial(34, 0, 0, 4, 0, 75));
        collected("Copy", "end of minor GC", 2, 10, serial(34, 34, 4, 4, 75, 75));

        assertThat(reading()).isEqualTo(new HeapReading(128 * MIB, 79 * MIB, -1, 0, 1, 0.003));
    }

    @Test
    void fullCollectionThatFreesNothingIsAReading() {
        collected("MarkSweepCompact", "end of major GC", 1, 0, serial(0, 0, 0, 0, 85, 85));

        assertThat(reading().liveBytes()).isEqualTo(85 * MIB);
    }

    @Test
    void parallelFullCollectionTellsWhatIsLive() {
        collected(
                "PS MarkSweep",
                "end of major GC",
                1,
                17,
                new PoolUse("PS Eden Space", 33 * MIB, 0),
                new PoolUse("PS Survivor Space", 5 * MIB, 0),
                new PoolUse("PS Old Gen", 71 * MIB, 79 * MIB));

        assertThat(reading().liveBytes()).isEqualTo(79 * MIB);
    }

    @Test
    void g1YoungCollectionIsNotOld() {
        collected("G1 Young Generation", "end of minor GC", 1, 3, g1(20, 0, 30, 34));

        assertThat(reading().usedAfterCollectionBytes()).isEqualTo(34 * MIB);
        assertThat(reading().liveBytes()).isEqualTo(-1);
    }

    @Test
    void g1MixedCollectionIsOld() {
        collected("G1 Young Generation", "end of minor GC", 1, 3, g1(9, 0, 93, 87));

        assertThat(reading().liveBytes()).isEqualTo(87 * MIB);
        assertThat(reading().liveAtNanos()).isEqualTo(SECOND);
    }

    @Test
    void g1OldGenerationThatHardlyShrinksIsNotOld() {
        collected("G1 Young Generation", "end of minor GC", 1, 3, g1(9, 0, 93, 92));

        assertThat(reading().liveBytes()).isEqualTo(-1);
    }

    @Test
    void g1PausesOfConcurrentMarkingCostTimeOnly() {
        collected("G1 Young Generation", "end of minor GC", 1, 3, g1(9, 0, 30, 30));
        collected("G1 Concurrent GC", "end of concurrent GC pause", 2, 7, g1(60, 60, 30, 20));

        assertThat(reading()).isEqualTo(new HeapReading(128 * MIB, 30 * MIB, -1, 0, 1, 0.001));
    }

    @Test
    void zgcCycleTellsWhatIsLiveAndItsPausesCostTime() {
        PoolUse nothing = new PoolUse("ZHeap", 0, 0);
        collected("ZGC Pauses", "end of GC pause", 1, 2, nothing);
        collected(
                "ZGC Cycles", "end of GC cycle", 1, 500, new PoolUse("ZHeap", 110 * MIB, 70 * MIB));
        collected("ZGC Pauses", "end of GC pause", 2, 8, nothing);

        assertThat(reading())
                .isEqualTo(new HeapReading(128 * MIB, 70 * MIB, 70 * MIB, SECOND, 1, 0.001));
    }

    @Test
    void zgcCycleDuringWhichTheApplicationCouldNotAllocateCostsTime() {
        state =
                state.after(
                        new CollectionEvent(
                                "ZGC Cycles",
                                "end of GC cycle",
                                "Allocation Stall",
                                0,
                                500 * MILLI,
                                List.of(new PoolUse("ZHeap", 128 * MIB, 90 * MIB))));

        assertThat(reading().collectionTimeShare()).isEqualTo(0.05);
    }

    @Test
    void zgcMinorCycleIsNotOldAndMajorCycleIs() {
        PoolUse young = new PoolUse("ZGC Young Generation", 40 * MIB, 5 * MIB);
        collected(
                "ZGC Minor Cycles",
                "end of GC cycle",
                1,
                20,
                young,
                new PoolUse("ZGC Old Generation", 50 * MIB, 50 * MIB));
        HeapReading minor = reading();
        collected(
                "ZGC Major Cycles",
                "end of GC cycle",
                2,
                90,
                young,
                new PoolUse("ZGC Old Generation", 50 * MIB, 20 * MIB));
        HeapReading major = reading();

        assertThat(minor.usedAfterCollectionBytes()).isEqualTo(55 * MIB);
        assertThat(minor.liveBytes()).isEqualTo(-1);
        assertThat(major.liveBytes()).isEqualTo(25 * MIB);
    }

    @Test
    void shenandoahCycleTellsWhatIsLive() {
        collected("Shenandoah Pauses", "Init Mark", 1, 0, new PoolUse("Shenandoah", 0, 0));
        collected(
                "Shenandoah Cycles",
                "end of GC cycle",
                1,
                23,
                new PoolUse("Shenandoah", 100 * MIB, 22 * MIB));

        assertThat(reading())
                .isEqualTo(new HeapReading(128 * MIB, 22 * MIB, 22 * MIB, SECOND, 1, 0));
    }

    @Test
    void timeShareForgetsAfterTenSeconds() {
        collected("Copy", "end of minor GC", 1, 500, serial(34, 0, 0, 4, 0, 21));

        assertThat(state.readingAt(9 * SECOND).collectionTimeShare()).isEqualTo(0.05);
        assertThat(state.readingAt(11 * SECOND).collectionTimeShare()).isZero();
    }

    @Test
    void pauseLongerThanTheWindowIsAllOfIt() {
        collected("MarkSweepCompact", "end of major GC", 1, 60_000, serial(0, 0, 0, 0, 85, 80));

        assertThat(state.readingAt(61 * SECOND - 1).collectionTimeShare())
                .isGreaterThanOrEqualTo(0.9)
                .isLessThanOrEqualTo(1);
        assertThat(state.readingAt(66 * SECOND).collectionTimeShare()).isEqualTo(0.4);
    }

    @Test
    void latePauseIsAddedToItsOwnSecond() {
        collected("ZGC Pauses", "end of GC pause", 5, 100, new PoolUse("ZHeap", 0, 0));
        collected("ZGC Pauses", "end of GC pause", 4, 100, new PoolUse("ZHeap", 0, 0));

        assertThat(state.readingAt(5 * SECOND).collectionTimeShare()).isEqualTo(0.02);
        assertThat(state.readingAt(14 * SECOND).collectionTimeShare()).isEqualTo(0.01);
    }

    @Test
    void clockMayBeNegative() {
        collected("Copy", "end of minor GC", -100, 1000, serial(34, 0, 0, 4, 0, 21));

        assertThat(state.readingAt(-95 * SECOND).collectionTimeShare()).isEqualTo(0.1);
    }

    private HeapReading reading() {
        return state.readingAt(4 * SECOND);
    }

    private void collected(
            String collector, String action, long atSecond, long millis, PoolUse... pools) {
        state =
                state.after(
                        new CollectionEvent(
                                collector,
                                action,
                                "Allocation Failure",
                                atSecond * SECOND,
                                millis * MILLI,
                                List.of(pools)));
    }

    private static PoolUse[] serial(
            long eden, long edenAfter, long survivor, long survivorAfter, long old, long oldAfter) {
        return new PoolUse[] {
            new PoolUse("Eden Space", eden * MIB, edenAfter * MIB),
            new PoolUse("Survivor Space", survivor * MIB, survivorAfter * MIB),
            new PoolUse("Tenured Gen", old * MIB, oldAfter * MIB)
        };
    }

    private static PoolUse[] g1(long eden, long edenAfter, long old, long oldAfter) {
        return new PoolUse[] {
            new PoolUse("G1 Eden Space", eden * MIB, edenAfter * MIB),
            new PoolUse("G1 Old Gen", old * MIB, oldAfter * MIB),
            new PoolUse("G1 Survivor Space", 0, 0)
        };
    }
}
