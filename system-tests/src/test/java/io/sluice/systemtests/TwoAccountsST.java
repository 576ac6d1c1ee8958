package io.sluice.systemtests;

import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.S3Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** One job and two S3 accounts with different keys, and a bucket of the same name in each. */
@BesideOthers
class TwoAccountsST {

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
    void jobGoesOnExactlyOnceFromOneAccountToAnotherThoughItsTaskManagerDies() throws Exception {
        S3Server one = account("one");
        S3Server two = account("two");
        Distribution distribution = Distribution.fromSystemProperty();
        Path plugins = S3Plugins.link(distribution, sandbox.root().resolve("plugins"));
        BoundFiles files = BoundFiles.of(bindings);
        started.add(files);
        BindingsCluster cluster =
                BindingsCluster.start(
                        BindingsCluster.builder()
                                .config(bindings.options())
                                .config("execution.checkpointing.dir", "one://same/checkpoints")
                                .env(S3Plugins.VARIABLE, plugins.toString()));
        started.add(0, cluster);
        BoundWordCount words =
                new BoundWordCount(files, sandbox, "one://same/texts", "two://same/counts");
        words.addText("first");

        String job = words.submit(cluster.processes(), null);
        words.awaitCounts("first");
        cluster.awaitCheckpoint(job);
        words.addText("second");
        cluster.killTaskManager(job);
        words.addText("third");
        words.awaitCounts("first", "second", "third");
        String checkpoint = cluster.rest().checkpoints(job).latestCompleted().orElseThrow().path();
        cluster.rest().cancel(job);
        cluster.awaitStatus(job, "CANCELED");
        cluster.processes().stop();

        words.requireExactly("first", "second", "third");
        assertThat(checkpoint).startsWith("one://same/checkpoints/" + job);
        assertThat(one.objects(Bindings.BUCKET))
                .allMatch(key -> key.matches("(texts|checkpoints/%s)/.*".formatted(job)))
                .filteredOn(key -> key.startsWith("texts/"))
                .containsExactly("texts/first", "texts/second", "texts/third");
        assertThat(two.objects(Bindings.BUCKET))
                .allMatch(TwoAccountsST::isOfSink)
                .anyMatch(key -> key.startsWith("counts/part-"));
    }

    /** A finished file, or what the killed TaskManager has left: uploads, and tails of files. */
    private static boolean isOfSink(String key) {
        return key.matches(
                "counts/part-[^/]+|counts/[.]?_?part-[^/]+_tmp_.*|[.]mpus-.*|[0-9a-f-]{36}");
    }

    private S3Server account(String binding) throws Exception {
        S3Server server = S3Server.start(sandbox, "key-" + binding, "hush-" + binding);
        started.add(server);
        server.createBucket(Bindings.BUCKET);
        bindings.s3(binding, server, "key-" + binding, "hush-" + binding);
        return server;
    }
}
