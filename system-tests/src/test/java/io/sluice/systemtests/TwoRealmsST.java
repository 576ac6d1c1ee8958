package io.sluice.systemtests;

import org.apache.flink.core.fs.FileStatus;

import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;
import io.sluice.testkit.server.Kdc;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One job and three HDFS clusters of the same nameservice name: two with Kerberos, each in a realm
 * of its own, and one that trusts everybody.
 */
@BesideOthers
class TwoRealmsST {

    private final Sandbox sandbox = Sandbox.create();
    private final Bindings bindings = new Bindings(sandbox);
    private final List<AutoCloseable> started = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable process : started) {
            process.close();
        }
        sandbox.close();
    }

    @Test
    void jobGoesOnExactlyOnceBetweenTwoRealmsAndNoneThoughItsTaskManagerDies() throws Exception {
        bindTo("platform", Kdc.start(sandbox, "A.SLUICE.TEST"));
        bindTo("texts", Kdc.start(sandbox, "B.SLUICE.TEST"));
        HdfsServer open = HdfsServer.builder(sandbox, "ns1").start();
        started.add(open);
        bindings.hdfs("counts", open);
        BoundFiles files = BoundFiles.of(bindings);
        started.add(files);
        BindingsCluster cluster =
                BindingsCluster.start(
                        BindingsCluster.builder()
                                .config(bindings.options())
                                .config("execution.checkpointing.dir", "platform:///checkpoints"));
        started.add(0, cluster);
        BoundWordCount words =
                new BoundWordCount(files, sandbox, "texts://ns1/in", "counts://ns1/out");
        words.addText("first");

        String job = words.submit(cluster.processes(), null);
        words.awaitCounts("first");
        cluster.awaitCheckpoint(job);
        words.addText("second");
        cluster.killTaskManager(job);
        words.addText("third");
        words.awaitCounts("first", "second", "third");
        cluster.rest().cancel(job);
        cluster.awaitStatus(job, "CANCELED");
        cluster.processes().stop();

        words.requireExactly("first", "second", "third");
        assertThat(files.below("platform:/"))
                .isNotEmpty()
                .allMatch(file -> file.getPath().getPath().startsWith("/checkpoints/" + job));
        assertThat(files.below("texts:/"))
                .extracting(file -> file.getPath().getPath())
                .containsExactlyInAnyOrder("/in/first", "/in/second", "/in/third");
        assertThat(files.below("counts:/"))
                .isNotEmpty()
                .allMatch(TwoRealmsST::isFileOfSink)
                .anyMatch(file -> file.getPath().getName().startsWith("part-"));
    }

    /** One that is finished, or one that the killed TaskManager has left unfinished. */
    private static boolean isFileOfSink(FileStatus file) {
        return file.getPath()
                .getPath()
                .matches("/out/(part-[^/]+|\\.part-[^/]+\\.inprogress\\..+)");
    }

    private void bindTo(String binding, Kdc realm) throws InterruptedException {
        started.add(realm);
        HdfsServer server = HdfsServer.builder(sandbox, "ns1").kerberos(realm).start();
        started.add(server);
        bindings.hdfs(binding, server).login(binding, realm);
    }
}
