package io.sluice.systemtests;

import org.apache.flink.core.fs.FileStatus;

import io.sluice.testkit.cluster.JobFailure;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static io.sluice.systemtests.BindingsCluster.DEADLINE;
import static io.sluice.systemtests.BindingsCluster.POLLING;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A job leaves files behind a binding that are written and not committed: only its savepoints know
 * of them. All its processes are killed, and its HDFS cluster is gone from where it was.
 */
@BesideOthers
class MovedBindingST {

    private static final Sandbox SANDBOX = Sandbox.create();
    private static final String OUTPUT = "data://ns1/counts";

    private static HdfsServer former;

    /** Behind the binding, and not behind it. */
    private static String savepoint;

    private static String savepointElsewhere;

    private final List<AutoCloseable> started = new ArrayList<>();
    private final Bindings bindings = new Bindings(SANDBOX);

    @BeforeAll
    static void leaveUnfinishedFiles() throws Exception {
        former = HdfsServer.builder(SANDBOX, "ns1").start();
        Bindings bindings = new Bindings(SANDBOX).hdfs("data", former);
        try (BoundFiles files = BoundFiles.of(bindings);
                BindingsCluster cluster =
                        BindingsCluster.start(
                                BindingsCluster.builder()
                                        .config(bindings.options())
                                        // Files are committed with a checkpoint, so there is none.
                                        .config("execution.checkpointing.interval", "1 h"))) {
            BoundWordCount words = words(files);
            words.addText("first");
            String job = words.submit(cluster.processes(), null);
            POLLING.until(
                    "a file that is being written",
                    DEADLINE,
                    () -> !files.below("data:/counts").isEmpty());
            Path elsewhere = SANDBOX.savepoints();
            savepointElsewhere =
                    cluster.rest().savepoint(job, elsewhere.toUri().toString(), DEADLINE);
            savepoint = cluster.rest().savepoint(job, "data://ns1/savepoints", DEADLINE);
            cluster.processes().killJobManager();
            cluster.processes().killTaskManager(cluster.processes().taskManagers().get(0));

            assertThat(savepoint).startsWith("data://ns1/savepoints/");
            assertThat(files.below("data:/counts"))
                    .isNotEmpty()
                    .allMatch(file -> file.getPath().getName().startsWith("."));
        }
        former.kill();
    }

    private static BoundWordCount words(BoundFiles files) {
        return new BoundWordCount(
                files, SANDBOX, SANDBOX.directory("in").toUri().toString(), OUTPUT);
    }

    @AfterAll
    static void deleteAll() {
        SANDBOX.close();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable process : started) {
            process.close();
        }
    }

    /**
     * New processes, with a new directory of Hadoop's configuration: nothing of the old is left.
     */
    @Test
    void savepointGoesOnExactlyOnceThroughTheBindingOfAnotherAddressAndOtherSettings()
            throws Exception {
        bind(HdfsServer.builder(SANDBOX, "ns1").movedFrom(former).dataNodes(2).replication(2));
        BoundFiles files = look();
        BoundWordCount words = words(files);
        BindingsCluster cluster = start(BindingsCluster.builder());

        String job = words.submit(cluster.processes(), savepoint);
        words.awaitCounts("first");
        words.addText("second");
        words.awaitCounts("first", "second");
        cluster.awaitCheckpoint(job);
        cluster.rest().cancel(job);
        cluster.awaitStatus(job, "CANCELED");

        words.requireExactly("first", "second");
        assertThat(cluster.rest().checkpoints(job).latestRestored().orElseThrow().path())
                .isEqualTo(savepoint);
        assertThat(files.below("data:/counts"))
                .extracting(FileStatus::getReplication)
                .containsOnly((short) 1, (short) 2);
    }

    @Test
    void otherClusterOfTheNameIsRefusedAndNothingIsTakenForCommitted() throws Exception {
        bind(HdfsServer.builder(SANDBOX, "ns1"));
        BoundFiles files = look();
        BindingsCluster cluster =
                start(BindingsCluster.builder().config("restart-strategy.type", "none"));

        String job = words(files).submit(cluster.processes(), savepointElsewhere);
        cluster.awaitStatus(job, "FAILED");

        assertThat(cluster.rest().failures(job))
                .extracting(JobFailure::stackTrace)
                .first()
                .asString()
                .containsPattern(
                        "Refused to recover a file through binding data, as its data would be lost: it is in the store BP-[^,]+, and what is behind the binding now is the store BP-[^,]+, although it goes by the same name\\. Point the binding to where it pointed when the checkpoint was made, or use another binding for the new place and start the job there without this state\\.");
        assertThat(files.below("data:/")).isEmpty();
    }

    private void bind(HdfsServer.Builder builder) throws Exception {
        HdfsServer server = builder.start();
        started.add(server);
        bindings.hdfs("data", server, "hadoop-" + server.pid());
    }

    private BoundFiles look() throws IOException {
        BoundFiles files = BoundFiles.of(bindings);
        started.add(files);
        return files;
    }

    private BindingsCluster start(LocalCluster.Builder builder) throws InterruptedException {
        BindingsCluster cluster = BindingsCluster.start(builder.config(bindings.options()));
        started.add(0, cluster);
        return cluster;
    }
}
