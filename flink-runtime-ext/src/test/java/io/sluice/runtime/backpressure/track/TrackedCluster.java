package io.sluice.runtime.backpressure.track;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.load.Episode;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.LoadReport;
import io.sluice.runtime.backpressure.load.PeriodLoad;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A MiniCluster whose tasks are tracked as those of a TaskManager are; its TaskManagers are in this
 * JVM, and so report together.
 */
public final class TrackedCluster implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final MiniCluster cluster;

    private TrackedCluster(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts it.
     *
     * @param changes to a configuration with small buffers, so that backpressure spreads at once
     */
    public static TrackedCluster start(int taskManagers, int slots, Configuration changes)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(
                TaskManagerOptions.MEMORY_SEGMENT_SIZE, MemorySize.ofMebiBytes(1).divide(256));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(16));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(16));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
        configuration.set(RuntimeOptions.BACKPRESSURE_SAMPLING_INTERVAL, Duration.ofMillis(100));
        configuration.set(RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL, Duration.ofMillis(500));
        configuration.set(RuntimeOptions.BACKPRESSURE_ENTER_AFTER, Duration.ofMillis(300));
        configuration.set(RuntimeOptions.BACKPRESSURE_LEAVE_AFTER, Duration.ofMillis(500));
        configuration.addAll(changes);
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(BackpressureSetup.addTo(configuration))
                                .setNumTaskManagers(taskManagers)
                                .setNumSlotsPerTaskManager(slots)
                                .setRpcServiceSharing(RpcServiceSharing.DEDICATED)
                                .build());
        cluster.start();
        return new TrackedCluster(cluster);
    }

    /** Starts a job and returns when all its tasks run. */
    public JobID run(StreamExecutionEnvironment environment) throws Exception {
        JobID job = cluster.submitJob(environment.getStreamGraph().getJobGraph()).get().getJobID();
        await(
                "all tasks of the job",
                () -> graph(job),
                graph -> {
                    if (graph.getState() != JobStatus.RUNNING) {
                        return false;
                    }
                    for (AccessExecutionVertex vertex : graph.getAllExecutionVertices()) {
                        if (vertex.getExecutionState() != ExecutionState.RUNNING) {
                            return false;
                        }
                    }
                    return true;
                });
        return job;
    }

    /** Cancels a job and returns when it has ended. */
    public void cancel(JobID job) throws Exception {
        cluster.cancelJob(job).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        await(
                "the end of the job",
                () -> cluster.getJobStatus(job).get(),
                JobStatus::isGloballyTerminalState);
    }

    private AccessExecutionGraph graph(JobID job) throws Exception {
        return cluster.getExecutionGraph(job).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    public JobTopology topology(JobID job) throws Exception {
        return JobTopology.of(graph(job));
    }

    /** Returns what the job did in a whole period that begins after so many more have ended. */
    public JobLoad load(JobID job, int after) throws Exception {
        JobTopology topology = topology(job);
        long from = System.currentTimeMillis();
        PeriodLoad period =
                await(
                                "a period of the job",
                                () ->
                                        report().periods().stream()
                                                .filter(
                                                        one ->
                                                                one.endMillis() - one.periodMillis()
                                                                        >= from)
                                                .skip(after)
                                                .findFirst(),
                                found -> found.isPresent())
                        .orElseThrow();
        return JobLoad.of(topology, List.of(period));
    }

    public LoadReport report() {
        return Objects.requireNonNull(TaskTracking.ofProcess()).report(-1);
    }

    /** Returns the episodes of a vertex when they are as wanted. */
    public List<Episode> awaitEpisodes(
            String what, JobID job, String vertexName, Predicate<List<Episode>> wanted)
            throws Exception {
        String vertex =
                topology(job).vertices().stream()
                        .filter(one -> one.name().equals(vertexName))
                        .findFirst()
                        .orElseThrow()
                        .id();
        return await(
                what,
                () ->
                        report().episodes().stream()
                                .filter(episode -> episode.job().equals(job.toHexString()))
                                .filter(episode -> episode.vertex().equals(vertex))
                                .toList(),
                wanted);
    }

    /** Asks again and again. */
    public static <T> T await(String what, Question<T> question, Predicate<T> wanted)
            throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            T answer = question.ask();
            if (wanted.test(answer)) {
                return answer;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(
                        "Waited %d s for %s. Last seen: %s"
                                .formatted(DEADLINE.toSeconds(), what, answer));
            }
            // The pace of asking; nothing depends on it.
            Thread.sleep(POLL_INTERVAL.toMillis());
        }
    }

    /** What is asked. */
    public interface Question<T> {
        T ask() throws Exception;
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
