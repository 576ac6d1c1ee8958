package io.sluice.state.adaptive.placement;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Random;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

/** The policy, asked once a second, with a {@link ToyHeap} under a constant load. */
class PlacementPolicyModelTest {

    private static final int SECONDS_TO_REST = ToyHeap.GROWTH_SECONDS + 600;

    /** A fixed set, plus one new seed per run. The test name shows the seed: replay it here. */
    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 12), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void constantLoadComesToRest(long seed) {
        Random random = random(seed);
        double oldCollectionAt = 0.5 + 0.38 * random.nextDouble();
        Run run = new Run(heap(random, oldCollectionAt), PolicySettings.defaults());

        run.seconds(SECONDS_TO_REST);
        int[] turnsAtRest = run.turns();
        run.seconds(1500);

        assertThat(run.mostTurnsSince(turnsAtRest)).isLessThanOrEqualTo(1);
        assertThat(run.longestAbovePanicSeconds).isLessThanOrEqualTo(10);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void garbageThatTheCollectorToleratesDoesNotDriveStateOut(long seed) {
        Random random = random(seed);
        ToyHeap heap = heap(random, 0.76 + 0.12 * random.nextDouble());
        Run run = new Run(heap, PolicySettings.defaults());

        run.seconds(SECONDS_TO_REST + 1500);

        if (heap.otherShare() + heap.smallestGroupShare() < 0.45) {
            assertThat(heap.liveShare()).isGreaterThan(heap.otherShare());
        }
    }

    /** The marks do not fit this collector; the policy can only learn to stay away. */
    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void collectorThatLetsTheHeapPanicCausesOneTryAnHourAtMost(long seed) {
        Random random = random(seed);
        ToyHeap heap = heap(random, 0.905 + 0.06 * random.nextDouble());
        Run run = new Run(heap, PolicySettings.defaults());

        run.seconds(3600);
        int[] turnsAfterAnHour = run.turns();
        run.seconds(3600);

        assertThat(run.mostTurnsSince(turnsAfterAnHour)).isLessThanOrEqualTo(2);
        assertThat(run.longestAbovePanicSeconds).isLessThanOrEqualTo(10);
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void budgetIsKeptAndAtRest(long seed) {
        Random random = random(seed);
        ToyHeap heap = heap(random, 0.5 + 0.38 * random.nextDouble());
        long budgetBytes = (long) (ToyHeap.MAX_BYTES * 0.5 * random.nextDouble());
        heap.limitSlots(budgetBytes);
        Run run = new Run(heap, PolicySettings.defaults());

        run.seconds(SECONDS_TO_REST);
        int[] turnsAtRest = run.turns();
        run.mostSlotBytes = 0;
        run.seconds(1500);

        assertThat(run.mostSlotBytes).isLessThanOrEqualTo(budgetBytes);
        assertThat(run.mostTurnsSince(turnsAtRest)).isLessThanOrEqualTo(1);
        assertThat(run.longestAbovePanicSeconds).isLessThanOrEqualTo(10);
    }

    /** Neighbouring seeds give similar first numbers. */
    private static Random random(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    private static ToyHeap heap(Random random, double oldCollectionAt) {
        return new ToyHeap(random, oldCollectionAt, 0.1 + 1.2 * random.nextDouble());
    }

    /** A heap and the policy that looks after it. */
    private static final class Run {

        private final ToyHeap heap;
        private final PlacementPolicy policy;
        private DecisionMemory memory = DecisionMemory.initial();
        private int abovePanicSeconds;
        private int longestAbovePanicSeconds;
        private long mostSlotBytes;

        Run(ToyHeap heap, PolicySettings settings) {
            this.heap = heap;
            this.policy = new PlacementPolicy(settings);
        }

        void seconds(int seconds) {
            for (int second = 0; second < seconds; second++) {
                heap.step();
                Decision decision = policy.decide(heap.snapshot(memory));
                memory = decision.memory();
                heap.apply(decision);
                abovePanicSeconds = heap.liveShare() > 0.9 ? abovePanicSeconds + 1 : 0;
                longestAbovePanicSeconds = Math.max(longestAbovePanicSeconds, abovePanicSeconds);
                mostSlotBytes = Math.max(mostSlotBytes, heap.fullestSlotBytes());
            }
        }

        int[] turns() {
            return heap.groups.stream().mapToInt(group -> group.turns).toArray();
        }

        int mostTurnsSince(int[] before) {
            int[] now = turns();
            int most = 0;
            for (int group = 0; group < now.length; group++) {
                most = Math.max(most, now[group] - before[group]);
            }
            return most;
        }
    }
}
