package io.sluice.runtime.extension;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.sluice.rpc.EncodedLoads;
import org.apache.flink.sluice.rpc.JobState;
import org.apache.flink.sluice.rpc.TaskManagerExtensionGateway;

import io.sluice.runtime.backpressure.history.HistorySettings;
import io.sluice.runtime.backpressure.load.LoadCodec;
import io.sluice.runtime.backpressure.load.LoadReport;
import io.sluice.runtime.backpressure.load.PeriodLoad;
import io.sluice.runtime.backpressure.load.ProcessLoad;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

class BackpressureRoundsTest {

    private static final JobID JOB = new JobID();
    private static final long PERIOD_MILLIS = 5_000;

    private final List<String> unreached = new ArrayList<>();
    private final List<Object> asked = new ArrayList<>();
    private final BackpressureRounds rounds =
            new BackpressureRounds(
                    Objects.requireNonNull(HistorySettings.of(new Configuration())),
                    CompletableFuture::new,
                    Runnable::run,
                    Runnable::run);

    @Test
    void roundIsAMomentAfterTheEndOfAPeriod() {
        assertThat(rounds.untilNext(PERIOD_MILLIS).toMillis()).isEqualTo(300);
        assertThat(rounds.untilNext(PERIOD_MILLIS + 300).toMillis()).isEqualTo(PERIOD_MILLIS);
        assertThat(rounds.untilNext(PERIOD_MILLIS - 1).toMillis()).isEqualTo(301);
    }

    @Test
    void taskManagerThatCannotBeReachedIsToldAndNamed() {
        rounds.begin(
                Map.of("tm-1", CompletableFuture.failedFuture(new IOException("gone"))),
                unreached::add);

        assertThat(unreached).containsExactly("tm-1");
        assertThat(rounds.latest(JOB).silent())
                .containsExactly(new JobState.Silent("tm-1", "java.io.IOException: gone"));
    }

    @Test
    void roundWaitsForNoAnswerButEndsForNobodyElse() {
        rounds.begin(Map.of("tm-1", new CompletableFuture<>()), unreached::add);
        rounds.begin(Map.of("tm-2", answering()), unreached::add);

        // The second round does not begin while the first goes on.
        assertThat(asked).isEmpty();
    }

    @Test
    void nextRoundAsksForWhatIsNew() {
        rounds.begin(Map.of("tm-1", answering()), unreached::add);
        rounds.begin(Map.of("tm-1", answering()), unreached::add);

        assertThat(unreached).isEmpty();
        assertThat(asked).containsExactly(-1L, 2 * PERIOD_MILLIS);
        assertThat(rounds.latest(JOB).silent()).isEmpty();
    }

    @Test
    void answerThatMakesNoSenseIsAsNone() {
        rounds.begin(Map.of("tm-1", gateway(new EncodedLoads(new byte[] {1, 2}))), unreached::add);

        assertThat(unreached).containsExactly("tm-1");
    }

    @Test
    void taskManagerWithoutTrackingIsNotSilent() {
        rounds.begin(Map.of("tm-1", gateway(new EncodedLoads(new byte[0]))), unreached::add);

        assertThat(unreached).isEmpty();
    }

    private CompletableFuture<TaskManagerExtensionGateway> answering() {
        return gateway(
                new EncodedLoads(
                        LoadCodec.encode(
                                new LoadReport(
                                        false,
                                        List.of(
                                                new PeriodLoad(
                                                        2 * PERIOD_MILLIS,
                                                        PERIOD_MILLIS,
                                                        new ProcessLoad("tm-1", 0, 0),
                                                        Map.of())),
                                        List.of()))));
    }

    private CompletableFuture<TaskManagerExtensionGateway> gateway(EncodedLoads loads) {
        return CompletableFuture.completedFuture(
                TestingRpc.gateway(
                        TaskManagerExtensionGateway.class,
                        since -> {
                            asked.add(since);
                            return CompletableFuture.completedFuture(loads);
                        }));
    }
}
