package io.sluice.runtime.backpressure.history;

import org.apache.flink.sluice.rpc.PastBackpressure;
import org.apache.flink.sluice.rpc.PastBackpressure.Blame;
import org.apache.flink.sluice.rpc.PastBackpressure.Point;
import org.apache.flink.sluice.rpc.PastEpisodes.PastEpisode;

import io.sluice.runtime.backpressure.load.Episode;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.sluice.runtime.backpressure.history.TestingLoads.SINK;
import static io.sluice.runtime.backpressure.history.TestingLoads.SOURCE;
import static io.sluice.runtime.backpressure.history.TestingLoads.episode;
import static io.sluice.runtime.backpressure.history.TestingLoads.row;
import static org.assertj.core.api.Assertions.assertThat;

class JobHistoryTest {

    private final JobHistory history = new JobHistory();

    @Test
    void stepSumsUpItsPeriods() {
        history.add(row(5_000, 0));
        history.add(row(10_000, 0.8));
        history.add(row(15_000, 0.4));
        history.add(row(20_000, 0.2));

        PastBackpressure past = history.between(0, 20_000, 10_000);

        assertThat(past.vertices().get(0).vertex()).isEqualTo(SOURCE);
        assertThat(past.vertices().get(0).points())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        new Point(0, 0.4, 0.8, 0, 1),
                        new Point(10_000, 0.30000000000000004, 0.4, 0, 0.8));
        assertThat(past.causes())
                .containsExactly(new Blame(0, SINK, "BUSY"), new Blame(10_000, SINK, "BUSY"));
    }

    @Test
    void stepsWithoutPeriodsAreLeftOut() {
        history.add(row(5_000, 0));
        history.add(row(100_000, 0));

        PastBackpressure past = history.between(0, 200_000, 10_000);

        assertThat(past.vertices().get(0).points())
                .extracting(Point::startMillis)
                .containsExactly(0L, 90_000L);
        assertThat(past.causes()).isEmpty();
    }

    @Test
    void onlyTheTimeThatIsAskedForIsThere() {
        history.add(row(5_000, 0));
        history.add(row(10_000, 0));
        history.add(row(15_000, 0));

        PastBackpressure past = history.between(5_000, 10_000, 5_000);

        assertThat(past.vertices().get(0).points())
                .extracting(Point::startMillis)
                .containsExactly(5_000L);
    }

    @Test
    void episodeIsBlamedOnWhoHeldItsVertexBackMeanwhile() {
        history.add(row(5_000, 0));
        history.add(row(10_000, 0.8));
        history.add(episode("a", 6_000, 3_000, false));

        List<PastEpisode> episodes = history.episodes(null, 10).episodes();

        assertThat(episodes).hasSize(1);
        assertThat(episodes.get(0).causedBy()).containsExactly(new Blame(6_000, SINK, "BUSY"));
    }

    @Test
    void latestEpisodesComeFirstAndAllAreCounted() {
        history.add(episode("a", 1_000, 10, false));
        history.add(episode("b", 3_000, 10, false));
        history.add(episode("c", 2_000, 10, false));

        assertThat(history.episodes(null, 2).kept()).isEqualTo(3);
        assertThat(history.episodes(null, 2).episodes())
                .extracting(PastEpisode::startMillis)
                .containsExactly(3_000L, 2_000L);
        assertThat(history.episodes(SINK, 2).kept()).isZero();
    }

    @Test
    void endOfAnEpisodeIsNewsOnce() {
        boolean begun = history.add(episode("a", 1_000, 10, true));
        boolean ended = history.add(episode("a", 1_000, 20, false));
        boolean again = history.add(episode("a", 1_000, 20, false));

        assertThat(List.of(begun, ended, again)).containsExactly(false, true, false);
        assertThat(history.episodes(null, 10).kept()).isEqualTo(1);
    }

    @Test
    void whatIsKnownOfAnEpisodeIsMoreThanWhatWasWritten() {
        history.add(episode("goes on", 1_000, 10, true));
        history.add(episode("longer", 1_000, 500, false));
        history.remember(episode("goes on", 1_000, 5, false));
        history.remember(episode("longer", 1_000, 300, false));
        history.remember(episode("new", 1_000, 7, false));

        assertThat(history.episodes(null, 10).episodes())
                .extracting(PastEpisode::durationMillis)
                .containsExactlyInAnyOrder(10L, 500L, 7L);
        assertThat(history.ongoing()).hasSize(1);
    }

    @Test
    void episodeThatNobodyTellsOfAnyMoreIsOver() {
        history.add(episode("a", 1_000, 10, true));
        history.add(episode("b", 1_000, 10, true));

        List<Episode> lost = history.endAllBut(episode -> episode.id().equals("b"));

        assertThat(lost).containsExactly(episode("a", 1_000, 10, false));
        assertThat(history.ongoing()).containsExactly(episode("b", 1_000, 10, true));
    }

    @Test
    void oldOnesAreForgottenButNotWhatGoesOn() {
        history.add(row(5_000, 0));
        history.add(row(10_000, 0));
        history.add(episode("over", 1_000, 10, false));
        history.add(episode("goes on", 1_000, 10, true));
        long before = history.bytes();

        history.forget(6_000);

        assertThat(history.hasPeriod(5_000)).isFalse();
        assertThat(history.hasPeriod(10_000)).isTrue();
        assertThat(history.episodes(null, 10).kept()).isEqualTo(1);
        assertThat(history.bytes()).isLessThan(before);
    }
}
