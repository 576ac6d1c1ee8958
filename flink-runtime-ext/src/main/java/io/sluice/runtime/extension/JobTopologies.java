package io.sluice.runtime.extension;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;
import org.apache.flink.util.concurrent.FutureUtils;

import io.sluice.runtime.backpressure.history.BackpressureCollector.Topologies;
import io.sluice.runtime.backpressure.load.JobTopology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The vertices and edges of jobs, asked of the leading Dispatcher once for each job, and again when
 * a job has a vertex that was not there. Used by the main thread of the extension only.
 */
final class JobTopologies implements Topologies {

    private static final Logger LOG = LoggerFactory.getLogger(JobTopologies.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);
    private static final int KEPT = 1000;

    private final GatewayRetriever<? extends RestfulGateway> dispatchers;
    private final Executor mainThread;
    private final Map<String, Long> askedNanos = new HashMap<>();

    private final Map<String, JobTopology> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, JobTopology> eldest) {
                    return size() > KEPT;
                }
            };

    JobTopologies(GatewayRetriever<? extends RestfulGateway> dispatchers, Executor mainThread) {
        this.dispatchers = dispatchers;
        this.mainThread = mainThread;
    }

    @Override
    public @Nullable JobTopology of(String job, Set<String> vertices) {
        JobTopology topology = known.get(job);
        if (topology != null && topology.hasAll(vertices)) {
            return topology;
        }
        long now = System.nanoTime();
        Long asked = askedNanos.get(job);
        if (asked == null || now - asked > ASK_AGAIN_AFTER.toNanos()) {
            askedNanos.put(job, now);
            ask(job);
        }
        return null;
    }

    private void ask(String job) {
        CompletableFuture<Void> asked =
                dispatchers
                        .getFuture()
                        .thenCompose(
                                dispatcher ->
                                        dispatcher.requestJob(JobID.fromHexString(job), TIMEOUT))
                        .thenApply(JobTopology::of)
                        .handleAsync(
                                (topology, failure) -> {
                                    answered(job, topology, failure);
                                    return null;
                                },
                                mainThread);
        FutureUtils.handleUncaughtException(
                asked, (thread, failure) -> LOG.debug("After the end of the endpoint.", failure));
    }

    private void answered(String job, @Nullable JobTopology topology, @Nullable Throwable failure) {
        if (topology != null) {
            known.put(job, topology);
            askedNanos.remove(job);
        } else {
            LOG.debug("Nothing is known of job {} yet.", job, failure);
            askedNanos.keySet().removeIf(this::isLongAgo);
        }
    }

    private boolean isLongAgo(String job) {
        Long asked = askedNanos.get(job);
        return asked != null
                && System.nanoTime() - asked > ASK_AGAIN_AFTER.multipliedBy(10).toNanos();
    }
}
