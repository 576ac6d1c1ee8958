package io.sluice.runtime.backpressure.track;

import org.apache.flink.runtime.metrics.TimerGauge;

import io.sluice.runtime.backpressure.track.EpisodeDetector.Sample;
import io.sluice.runtime.backpressure.track.EpisodeDetector.Span;
import io.sluice.runtime.backpressure.track.StateTimer.Reading;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Random times of backpressure, each of many short waits, told to Flink's own timer and sampled at
 * uneven times: all are found, no other is, and durations are true.
 */
class EpisodeModelTest {

    private static final long SAMPLE_NANOS = 1_000_000_000L;
    private static final long LEAVE_AFTER_NANOS = 5 * SAMPLE_NANOS;

    private final AtomicLong clock = new AtomicLong(1);
    private final TimerGauge gauge = new TimerGauge();
    private final StateTimer timer = StateTimer.on(gauge, clock::get);
    private final EpisodeDetector detector = new EpisodeDetector(TestingSettings.defaults());
    private final List<Span> found = new ArrayList<>();

    private long sampledNanos = clock.get();
    private long sampledTotalNanos;
    private long nextSampleNanos = SAMPLE_NANOS;

    /** A fixed set, plus one new seed a run. The test's name shows the seed. */
    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 200), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void findsWhatWasThere(long seed) {
        Random random = new Random(seed);
        List<Span> truth = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            free(random, LEAVE_AFTER_NANOS + 2 * SAMPLE_NANOS + nanos(random, 60));
            if (random.nextInt(4) == 0) {
                blip(random);
            } else {
                truth.add(episode(random, 4 * SAMPLE_NANOS + nanos(random, 120)));
            }
        }
        free(random, 2 * LEAVE_AFTER_NANOS);

        assertThat(found).hasSameSizeAs(truth);
        for (int i = 0; i < truth.size(); i++) {
            long duration = truth.get(i).durationNanos();
            assertThat(found.get(i).durationNanos())
                    .as("episode %d of %s", i, truth)
                    .isCloseTo(duration, within(Math.max(duration / 50, SAMPLE_NANOS)));
            assertThat(found.get(i).startNanos())
                    .isCloseTo(truth.get(i).startNanos(), within(SAMPLE_NANOS));
            assertThat((double) found.get(i).heldNanos())
                    .isCloseTo(
                            (double) truth.get(i).heldNanos(),
                            within(0.01 * duration + SAMPLE_NANOS / 5.0));
        }
    }

    private static long nanos(Random random, int seconds) {
        return (long) (random.nextDouble() * seconds * SAMPLE_NANOS);
    }

    /** Too short for an episode. */
    private void blip(Random random) {
        gauge.markStart();
        pass(random, nanos(random, 1) + SAMPLE_NANOS / 3);
        gauge.markEnd();
    }

    /** Waits for at least 60 % of it, beginning and ending with a wait. */
    private Span episode(Random random, long nanos) {
        long start = clock.get();
        long held = 0;
        double share = 0.6 + 0.4 * random.nextDouble();
        while (clock.get() - start < nanos) {
            long cycle = 1_000_000 + nanos(random, 1) / 20;
            gauge.markStart();
            long wait = (long) (cycle * share);
            pass(random, wait);
            held += wait;
            gauge.markEnd();
            if (clock.get() - start < nanos) {
                pass(random, cycle - wait);
            }
        }
        return new Span(start, clock.get(), held, 0);
    }

    private void free(Random random, long nanos) {
        pass(random, nanos);
    }

    private void pass(Random random, long nanos) {
        long until = clock.get() + nanos;
        while (nextSampleNanos <= until) {
            clock.set(nextSampleNanos);
            sample();
            nextSampleNanos += SAMPLE_NANOS + (long) (0.1 * SAMPLE_NANOS * random.nextDouble());
        }
        clock.set(until);
    }

    private void sample() {
        Reading reading = timer.read();
        Span ended =
                detector.add(
                        new Sample(
                                sampledNanos,
                                clock.get(),
                                reading.totalNanos() - sampledTotalNanos,
                                0,
                                reading.firstNanos(),
                                reading.lastNanos()));
        sampledNanos = clock.get();
        sampledTotalNanos = reading.totalNanos();
        if (ended != null) {
            found.add(ended);
        }
    }
}
