package io.sluice.runtime.backpressure.cause;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import io.sluice.runtime.backpressure.cause.Cause.Kind;
import io.sluice.runtime.backpressure.cause.Cause.Role;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.SubtaskLoad;
import io.sluice.runtime.backpressure.track.TrackedCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

/** Jobs with operators that are slow on purpose, diagnosed by what their tasks' timers tell. */
class BackpressureCausesIT {

    private static final int SEEDS = 30;
    private static final double NAMED_AT_LEAST = 0.95;
    private static final int AMONG_THE_FIRST = 3;

    /** Until buffers are full. */
    private static final int PERIODS_BEFORE = 2;

    private static final double RECORDS_PER_SECOND = 3_000;
    private static final int MAX_PARALLELISM = 128;
    private static final long MILLISECOND = 1_000_000;

    @SuppressWarnings("NullAway.Init") // JUnit starts it first
    private static TrackedCluster cluster;

    /** What was found of a job. */
    private record Finding(String job, List<String> slow, JobLoad load, Diagnosis diagnosis) {

        List<String> first(int count) {
            return diagnosis.causes().stream().limit(count).map(this::name).toList();
        }

        boolean namesAllAmongTheFirst(int count) {
            return first(count).containsAll(slow);
        }

        String name(Cause cause) {
            return load.topology().vertices().stream()
                    .filter(vertex -> vertex.id().equals(cause.vertex()))
                    .map(JobTopology.Vertex::name)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("\n").append(job).append('\n');
            for (JobTopology.Vertex vertex : load.topology().vertices()) {
                for (SubtaskLoad subtask : load.of(vertex.id())) {
                    text.append(
                            "  %s/%d busy %.2f soft %.2f hard %.2f idle %.2f cpu %.2f in %d gc %.2f machine %.2f%n"
                                    .formatted(
                                            vertex.name(),
                                            subtask.subtask(),
                                            subtask.busy(),
                                            subtask.soft(),
                                            subtask.hard(),
                                            subtask.idle(),
                                            subtask.cpu(),
                                            subtask.recordsIn(),
                                            subtask.process().gc(),
                                            subtask.process().machineCpu()));
                }
            }
            diagnosis
                    .causes()
                    .forEach(cause -> text.append("  %s: %s%n".formatted(name(cause), cause)));
            return text.toString();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = TrackedCluster.start(1, 3, new Configuration());
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void oneSlowOperatorIsNamedFirst() throws Exception {
        List<Finding> missed = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Finding finding = diagnose(seed, 1);
            if (!finding.namesAllAmongTheFirst(1)) {
                missed.add(finding);
            }
        }

        assertThat(missed).as("missed").hasSizeLessThanOrEqualTo(missesAllowed());
    }

    @Test
    void twoSlowOperatorsAreAmongTheFirstThree() throws Exception {
        List<Finding> missed = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            Finding finding = diagnose(seed, 2);
            if (!finding.namesAllAmongTheFirst(AMONG_THE_FIRST)) {
                missed.add(finding);
            }
        }

        assertThat(missed).as("missed").hasSizeLessThanOrEqualTo(missesAllowed());
    }

    @Test
    void subtaskThatGetsTheHotKeyIsNamed() throws Exception {
        int parallelism = 3;
        int hot =
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        0L, MAX_PARALLELISM, parallelism);

        Finding finding = diagnose("skew", parallelism, Work.park(MILLISECOND));

        assertThat(finding.first(1)).as("%s", finding).containsExactly("slow");
        Cause cause = finding.diagnosis().causes().get(0);
        assertThat(cause.kind()).as("%s", finding).isEqualTo(Kind.SKEW);
        assertThat(cause.subtasks()).as("%s", finding).containsExactly(hot);
    }

    @Test
    void operatorThatAllocatesIsNamedForItsCollections() throws Exception {
        assertKind(Kind.GC, diagnose("collections", 1, Work.allocate()));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void operatorThatWaitsForAServerIsNamedForThat(int lateMillis) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> answerLate(server, lateMillis), "late-server");
            thread.setDaemon(true);
            thread.start();

            assertKind(
                    Kind.EXTERNAL_WAIT,
                    diagnose("external wait", 1, Work.ask(server.getLocalPort())));
        }
    }

    @Test
    void operatorThatWorksAllTheTimeIsBusy() throws Exception {
        assertKind(Kind.BUSY, diagnose("busy", 1, Work.spin(2 * MILLISECOND)));
    }

    private static void assertKind(Kind kind, Finding finding) {
        assertThat(finding.first(1)).as("%s", finding).containsExactly("slow");
        assertThat(finding.diagnosis().causes().get(0).role())
                .as("%s", finding)
                .isEqualTo(Role.CAUSE);
        assertThat(finding.diagnosis().causes().get(0).kind()).as("%s", finding).isEqualTo(kind);
    }

    private static int missesAllowed() {
        return (int) Math.floor(SEEDS * (1 - NAMED_AT_LEAST));
    }

    private static Finding diagnose(long seed, int slowOperators) throws Exception {
        RandomJob job = new RandomJob(seed, slowOperators);
        return diagnose(job.program(), job.toString(), job.slow());
    }

    /** Diagnoses a job with one slow operator, which gets most of the records of one key. */
    private static Finding diagnose(String name, int parallelism, Work.Cost cost) throws Exception {
        StreamExecutionEnvironment environment = RandomJob.environment();
        environment.setMaxParallelism(MAX_PARALLELISM);
        DataStream<Tuple2<Long, byte[]>> source =
                RandomJob.source(environment, "source", 1, RECORDS_PER_SECOND);
        DataStream<Tuple2<Long, byte[]>> before =
                RandomJob.operator(source.rebalance(), "before", 2, new Work(Work.none(), 2));
        DataStream<Tuple2<Long, byte[]>> slow =
                RandomJob.operator(
                        before.keyBy(BackpressureCausesIT::mostlyZero, Types.LONG),
                        "slow",
                        parallelism,
                        new Work(cost, 2));
        RandomJob.operator(slow.rebalance(), "after", 2, new Work(Work.none(), 2));
        return diagnose(environment, name, List.of("slow"));
    }

    private static Long mostlyZero(Tuple2<Long, byte[]> record) {
        return record.f0 % 10 < 8 ? 0L : record.f0 % 1000;
    }

    private static Finding diagnose(
            StreamExecutionEnvironment program, String name, List<String> slow) throws Exception {
        JobID job = cluster.run(program);
        try {
            JobLoad load = cluster.load(job, PERIODS_BEFORE);
            return new Finding(name, slow, load, BackpressureCauses.of(load));
        } finally {
            cluster.cancel(job);
        }
    }

    private static void answerLate(ServerSocket server, int lateMillis) {
        try (Socket client = server.accept()) {
            client.setTcpNoDelay(true);
            while (client.getInputStream().read() >= 0) {
                LockSupport.parkNanos(lateMillis * MILLISECOND);
                client.getOutputStream().write(1);
            }
        } catch (IOException e) {
            // The job was cancelled, which is how all of them end.
            return;
        }
    }
}
