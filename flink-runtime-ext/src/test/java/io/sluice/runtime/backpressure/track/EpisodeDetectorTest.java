package io.sluice.runtime.backpressure.track;

import io.sluice.runtime.backpressure.track.EpisodeDetector.Sample;
import io.sluice.runtime.backpressure.track.EpisodeDetector.Span;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

/** Seconds are those of the samples: one a second, episodes begin at 1.5 s held of 3 s. */
class EpisodeDetectorTest {

    private static final long SECOND = 1_000_000_000L;

    private final EpisodeDetector detector = new EpisodeDetector(TestingSettings.defaults());
    private long seconds;

    @Test
    void episodeStartsWhereItsFirstSampleWasHeld() {
        free(2);
        held(0.4, 1);

        assertThat(detector.ongoing()).isNull();

        held(1, 1);
        held(1, 1);

        // Held from the end of the third second on.
        assertThat(detector.ongoing()).isEqualTo(new Span(nanos(2.6), nanos(5), nanos(2.4), 0));
    }

    @Test
    void shortHoldUpIsNoEpisode() {
        free(2);
        held(1, 1);
        held(0.4, 1);
        Span ended = free(20);

        assertThat(ended).isNull();
        assertThat(detector.ongoing()).isNull();
    }

    @Test
    void holdUpOfHalfOfTheTimeIsAnEpisode() {
        free(2);
        held(0.5, 3);

        assertThat(detector.ongoing()).isNotNull();
    }

    @Test
    void smallerShareBeforeIsNoPartOfIt() {
        held(0.05, 2);
        held(1, 2);

        assertThat(startSeconds(detector.ongoing())).isEqualTo(2);
    }

    @Test
    void endIsTheLastInstantHeldAndIsKnownLater() {
        held(1, 10);
        Span afterFour = free(4);
        Span meanwhile = detector.ongoing();
        Span afterFive = free(1);

        assertThat(afterFour).isNull();
        assertThat(meanwhile).isEqualTo(new Span(0, nanos(10), nanos(10), 0));
        assertThat(afterFive).isEqualTo(meanwhile);
        assertThat(detector.ongoing()).isNull();
    }

    @Test
    void shortGapBelongsToTheEpisode() {
        held(1, 5);
        free(3);
        held(1, 5);

        assertThat(detector.ongoing()).isEqualTo(new Span(0, nanos(13), nanos(10), 0));
    }

    @Test
    void littleHoldUpsDoNotKeepItOpen() {
        held(1, 5);
        Span ended = held(0.05, 5);

        assertThat(ended).isEqualTo(new Span(0, nanos(5), nanos(5), 0));
    }

    @Test
    void twoEpisodesAreApart() {
        held(1, 5);
        Span first = free(5);
        held(1, 4);
        Span second = free(5);

        assertThat(startSeconds(first)).isZero();
        assertThat(startSeconds(second)).isEqualTo(10);
        assertThat(second).extracting(Span::durationNanos).isEqualTo(nanos(4));
    }

    @Test
    void episodeWithMuchHardBackpressureIsHard() {
        for (int i = 0; i < 5; i++) {
            add(1, 0.31);
        }

        assertThat(detector.ongoing()).isNotNull().matches(Span::isHard, "is hard");
    }

    @Test
    void episodeWithLittleHardBackpressureIsSoft() {
        for (int i = 0; i < 5; i++) {
            add(1, 0.29);
        }

        assertThat(detector.ongoing()).isNotNull().matches(span -> !span.isHard(), "is soft");
    }

    @Test
    void smallShareOfALongPauseIsNoEpisode() {
        free(2);
        detector.add(new Sample(nanos(2), nanos(17), nanos(1.6), 0, nanos(15.4), nanos(17)));

        assertThat(detector.ongoing()).isNull();
    }

    @Test
    void endOfTheTaskEndsTheEpisode() {
        held(1, 5);
        free(1);

        Span ended = detector.end();

        assertThat(ended).isEqualTo(new Span(0, nanos(5), nanos(5), 0));
        assertThat(detector.ongoing()).isNull();
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * SECOND);
    }

    private static double startSeconds(@Nullable Span span) {
        return (double) Objects.requireNonNull(span).startNanos() / SECOND;
    }

    private @Nullable Span free(int times) {
        return held(0, times);
    }

    /** Held for a share at the end of each second. */
    private @Nullable Span held(double share, int times) {
        Span ended = null;
        for (int i = 0; i < times; i++) {
            Span one = add(share, 0);
            ended = one == null ? ended : one;
        }
        return ended;
    }

    private @Nullable Span add(double share, double hardShare) {
        long begin = seconds * SECOND;
        long end = ++seconds * SECOND;
        long held = nanos(share);
        return detector.add(
                new Sample(begin, end, held, nanos(share * hardShare), end - held, end));
    }
}
