package io.sluice.runtime.backpressure.track;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.load.EdgeLoad;
import io.sluice.runtime.backpressure.load.Episode;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology.Vertex;
import io.sluice.runtime.backpressure.load.SubtaskLoad;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What is found in tasks that run, against what was done to them. */
class TaskTrackingIT {

    private static final String SOURCE = "Source: Numbers";
    private static final String GATE = "Gate";
    private static final int RECORD_BYTES = 2 * 1024;

    /**
     * So few that what the source catches up with after a pause, which is up to a second's, is soon
     * through; so many that buffers are full at once.
     */
    private static final double RECORDS_A_SECOND = 400;

    private static final Duration SAMPLING = Duration.ofMillis(200);

    /** For how long the gate is closed, each time. */
    private static final List<Duration> CLOSED =
            List.of(
                    Duration.ofMillis(1500),
                    Duration.ofMillis(2500),
                    Duration.ofMillis(5000),
                    Duration.ofMillis(1200));

    private static final Duration OPEN = Duration.ofMillis(2200);

    @AfterEach
    void reset() {
        Gate.reset();
    }

    @Test
    void episodesAreWhatWasDone() throws Exception {
        Configuration changes = new Configuration();
        changes.set(RuntimeOptions.BACKPRESSURE_SAMPLING_INTERVAL, SAMPLING);
        changes.set(RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL, SAMPLING.multipliedBy(5));
        changes.set(RuntimeOptions.BACKPRESSURE_ENTER_AFTER, SAMPLING.multipliedBy(3));
        changes.set(RuntimeOptions.BACKPRESSURE_LEAVE_AFTER, SAMPLING.multipliedBy(5));
        // A machine that is busy with something else holds the source back a little.
        changes.set(RuntimeOptions.BACKPRESSURE_LEAVE_SHARE, 0.3);
        try (TrackedCluster cluster = TrackedCluster.start(1, 1, changes)) {
            JobID job = cluster.run(gated(false));
            TrackedCluster.await(
                    "a source that nobody holds back",
                    () -> backpressured(cluster.load(job, 0)),
                    share -> share < 0.02);
            for (Duration closed : CLOSED) {
                Gate.close();
                pause(closed);
                Gate.open();
                pause(OPEN);
            }
            List<Episode> episodes =
                    cluster.awaitEpisodes(
                            "the end of all episodes",
                            job,
                            SOURCE,
                            found -> found.stream().noneMatch(Episode::ongoing));
            cluster.cancel(job);

            List<Episode> inTime =
                    episodes.stream()
                            .sorted(Comparator.comparingLong(Episode::startMillis))
                            .toList();
            List<Long> truth = Gate.heldMillis();
            assertThat(truth).hasSameSizeAs(CLOSED);
            assertThat(inTime).as("held %s", truth).hasSameSizeAs(truth);
            for (int i = 0; i < truth.size(); i++) {
                assertThat(inTime.get(i).durationMillis())
                        .as("episode %d of %s", i, inTime)
                        .isCloseTo(
                                truth.get(i),
                                within(Math.max(truth.get(i) / 50, SAMPLING.toMillis())));
                assertThat(inTime.get(i).backpressured()).isGreaterThan(0.9);
            }
        }
    }

    @Test
    void episodeEndsWithItsTask() throws Exception {
        try (TrackedCluster cluster = TrackedCluster.start(1, 1, new Configuration())) {
            JobID job = cluster.run(gated(false));
            Gate.close();
            cluster.awaitEpisodes("an episode", job, SOURCE, found -> !found.isEmpty());

            cluster.cancel(job);
            List<Episode> ended =
                    cluster.awaitEpisodes(
                            "its end",
                            job,
                            SOURCE,
                            found -> found.stream().noneMatch(Episode::ongoing));

            assertThat(ended).hasSize(1);
        }
    }

    @Test
    void loadsTellWhoWaitsAndWhoWorks() throws Exception {
        try (TrackedCluster cluster = TrackedCluster.start(1, 1, new Configuration())) {
            JobID job = cluster.run(gated(false));
            Gate.close();
            cluster.awaitEpisodes("an episode", job, SOURCE, found -> !found.isEmpty());

            JobLoad load = cluster.load(job, 0);
            Gate.open();
            cluster.cancel(job);

            SubtaskLoad source = load.of(id(load, SOURCE)).get(0);
            SubtaskLoad gate = load.of(id(load, GATE)).get(0);
            assertThat(source.backpressured()).isGreaterThan(0.95);
            assertThat(source.busy()).isLessThan(0.05);
            assertThat(gate.busy()).isGreaterThan(0.95);
            assertThat(gate.cpu()).isLessThan(0.05);
            assertThat(load.edges()).isEmpty();
        }
    }

    @Test
    void edgesTellWhichConsumerIsFull() throws Exception {
        Configuration changes = new Configuration();
        changes.set(RuntimeOptions.BACKPRESSURE_EDGES, true);
        try (TrackedCluster cluster = TrackedCluster.start(2, 1, changes)) {
            JobID job = cluster.run(gated(true));
            Gate.close();
            cluster.awaitEpisodes("an episode", job, SOURCE, found -> !found.isEmpty());

            JobLoad load = cluster.load(job, 0);
            Gate.open();
            cluster.cancel(job);

            EdgeLoad toGate = edge(load, GATE);
            EdgeLoad toSide = edge(load, "Side");
            assertThat(toGate.poolUsage()).isGreaterThan(0.9);
            assertThat(toGate.blocked()).isGreaterThan(0.9);
            assertThat(toSide.poolUsage()).isLessThan(0.5);
            assertThat(toSide.blocked()).isLessThan(0.05);
        }
    }

    private static double backpressured(JobLoad load) {
        return load.of(id(load, SOURCE)).stream()
                .mapToDouble(SubtaskLoad::backpressured)
                .max()
                .orElse(1);
    }

    private static EdgeLoad edge(JobLoad load, String target) {
        return load.edges().stream()
                .filter(edge -> edge.source().equals(id(load, SOURCE)))
                .filter(edge -> edge.target().equals(id(load, target)))
                .findFirst()
                .orElseThrow();
    }

    private static String id(JobLoad load, String name) {
        return load.topology().vertices().stream()
                .filter(vertex -> vertex.name().equals(name))
                .map(Vertex::id)
                .findFirst()
                .orElseThrow();
    }

    private static StreamExecutionEnvironment gated(boolean withSide) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(1);
        environment.disableOperatorChaining();
        DataStream<byte[]> numbers =
                environment.fromSource(
                        new DataGeneratorSource<>(
                                number -> new byte[RECORD_BYTES],
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(RECORDS_A_SECOND),
                                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO),
                        WatermarkStrategy.noWatermarks(),
                        "Numbers");
        numbers.map(new Gate())
                .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .name(GATE)
                .sinkTo(new DiscardingSink<>());
        if (withSide) {
            numbers.map(record -> record)
                    .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                    .name("Side")
                    .sinkTo(new DiscardingSink<>());
        }
        return environment;
    }

    /** What is measured is how long this takes. */
    private static void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
    }
}
