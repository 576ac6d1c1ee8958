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

    private static final int OFTEN = 7;
    private static final List<String> SLOW = List.of("slow");
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

        boolean namesFirst(Kind kind) {
            List<Cause> causes = diagnosis.causes();
            return first(1).equals(slow)
                    && causes.get(0).role() == Role.CAUSE
                    && causes.get(0).kind() == kind;
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

        List<Finding> findings = diagnoseOften("skew", parallelism, Work.park(MILLISECOND));

        assertThat(findings)
                .filteredOn(
                        finding ->
                                finding.namesFirst(Kind.SKEW)
                                        && finding.diagnosis()
                                                .causes()
                                                .get(0)
                                                .subtasks()
                                                .equals(List.of(hot)))
                .as("%s", findings)
                .hasSizeGreaterThan(OFTEN / 2);
    }

    /**
     * A long collection ends about every second, so not all periods, of half a second, have one.
     */
    @Test
    void operatorThatAllocatesIsNamedForItsCollections() throws Exception {
        List<Finding> findings = diagnoseOften("collections", 1, Work.allocate());

        assertThat(findings)
                .as("%s", findings)
                .allMatch(finding -> finding.first(1).equals(SLOW))
                .anyMatch(finding -> finding.namesFirst(Kind.GC));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void operatorThatWaitsForAServerIsNamedForThat(int lateMillis) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> answerLate(server, lateMillis), "late-server");
            thread.setDaemon(true);
            thread.start();

            List<Finding> findings =
                    diagnoseOften("external wait", 1, Work.ask(server.getLocalPort()));

            assertMostlyNamed(Kind.EXTERNAL_WAIT, findings);
        }
    }

    @Test
    void operatorThatWorksAllTheTimeIsBusy() throws Exception {
        assertMostlyNamed(Kind.BUSY, diagnoseOften("busy", 1, Work.spin(2 * MILLISECOND)));
    }

    private static void assertMostlyNamed(Kind kind, List<Finding> findings) {
        assertThat(findings)
                .filteredOn(finding -> finding.namesFirst(kind))
                .as("%s", findings)
                .hasSizeGreaterThan(OFTEN / 2);
    }

    private static int missesAllowed() {
        return (int) Math.floor(SEEDS * (1 - NAMED_AT_LEAST));
    }

    private static Finding diagnose(long seed, int slowOperators) throws Exception {
        RandomJob job = new RandomJob(seed, slowOperators);
        JobID id = cluster.run(job.program());
        try {
            return find(id, job.toString(), job.slow(), PERIODS_BEFORE);
        } finally {
            cluster.cancel(id);
        }
    }

    /**
     * Diagnoses one period after the other: in half a second of a crowded machine a thread may not
     * get its turn at all.
     */
    private static List<Finding> diagnoseOften(String name, int parallelism, Work.Cost cost)
            throws Exception {
        JobID job = cluster.run(program(parallelism, cost));
        try {
            List<Finding> findings = new ArrayList<>();
            findings.add(find(job, name, SLOW, PERIODS_BEFORE));
            while (findings.size() < OFTEN) {
                findings.add(find(job, name, SLOW, 0));
            }
            return findings;
        } finally {
            cluster.cancel(job);
        }
    }

    /** Returns a job with one slow operator, most of whose records have the same key. */
    private static StreamExecutionEnvironment program(int parallelism, Work.Cost cost) {
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
        return environment;
    }

    private static Long mostlyZero(Tuple2<Long, byte[]> record) {
        return record.f0 % 10 < 8 ? 0L : record.f0 % 1000;
    }

    private static Finding find(JobID job, String name, List<String> slow, int after)
            throws Exception {
        JobLoad load = cluster.load(job, after);
        return new Finding(name, slow, load, BackpressureCauses.of(load));
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
