package io.sluice.benchmarks.fs;

import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checkpoints of the same job by each contender, by turns. The jobs run side by side in the same
 * processes, so that all are as busy whoever's turn it is.
 */
record CheckpointPart(Distribution distribution, Sandbox sandbox, FsOptions options) {

    /** The first holds the whole state; after the second, the first is deleted. */
    private static final int WARM_UP = 2;

    /** Of each job: about 2 MiB. */
    private static final int CHANGES_PER_SECOND = 500;

    /** A running job. Nobody else calls its NameNode, so that calls between are its own, too. */
    private static final class Runner {
        private final String job;
        private final HdfsServer files;
        private final List<Checkpoint> checkpoints = new ArrayList<>();
        private Calls callsSoFar = Calls.none();

        Runner(String job, HdfsServer files) {
            this.job = job;
            this.files = files;
        }

        void checkpoint(TestCluster cluster, boolean counts) throws InterruptedException {
            Checkpoint taken = cluster.checkpoint(job, files, callsSoFar);
            callsSoFar = callsSoFar.plus(taken.calls());
            if (counts) {
                checkpoints.add(taken);
            }
        }
    }

    Map<Contender, List<Checkpoint>> measure(Backend backend) throws InterruptedException {
        Map<Contender, Runner> runners = new EnumMap<>(Contender.class);
        Map<String, String> configuration = new TreeMap<>(backend.tuning());
        configuration.put("state.backend.type", backend.label());
        Sandbox own = Sandbox.create(sandbox.root());
        try (TestCluster cluster =
                TestCluster.start(
                        distribution,
                        own,
                        backend.contenders().size(),
                        backend.memory(),
                        configuration)) {
            for (Contender contender : backend.contenders()) {
                runners.put(contender, start(cluster, own, contender));
            }
            for (Runner runner : runners.values()) {
                cluster.awaitRecords(runner.job, StateJob.VALUES, keys());
                requireSpread(cluster, runner.job);
            }
            for (int round = 0; round < WARM_UP + options.checkpoints(); round++) {
                List<Runner> order = new ArrayList<>(runners.values());
                if (round % 2 == 1) {
                    Collections.reverse(order);
                }
                for (Runner runner : order) {
                    runner.checkpoint(cluster, round >= WARM_UP);
                }
            }
        } finally {
            runners.values().forEach(runner -> runner.files.close());
        }
        own.close();
        Map<Contender, List<Checkpoint>> measured = new EnumMap<>(Contender.class);
        runners.forEach((contender, runner) -> measured.put(contender, runner.checkpoints));
        return measured;
    }

    private Runner start(TestCluster cluster, Sandbox own, Contender contender)
            throws InterruptedException {
        HdfsServer files = HdfsServer.builder(own, contender.label()).start();
        Map<String, String> jobOptions = new TreeMap<>(contender.options());
        jobOptions.put(
                "execution.checkpointing.dir",
                contender.scheme().path(files, "/checkpoints").toString());
        String job =
                cluster.submit(
                        StateJob.class,
                        jobOptions,
                        List.of(Long.toString(keys()), Integer.toString(CHANGES_PER_SECOND)));
        return new Runner(job, files);
    }

    private long keys() {
        return ((long) options.stateMebibytes() << 20) / StateJob.VALUE_BYTES;
    }

    private static void requireSpread(TestCluster cluster, String job) throws InterruptedException {
        int taskManagers = cluster.taskManagersOf(job, StateJob.VALUES);
        if (taskManagers != TestCluster.TASK_MANAGERS) {
            throw new IllegalStateException(
                    "Job %s is on %d TaskManagers, not on %d."
                            .formatted(job, taskManagers, TestCluster.TASK_MANAGERS));
        }
    }
}
