package io.sluice.systemtests;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.JobSummary;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code historyserver.sh} and its REST API. */
class HistoryServerST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));

    private final Distribution distribution = Distribution.fromSystemProperty();
    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void finishedJobIsShownAfterItsClusterIsGone() throws Exception {
        int port = FreePorts.pick(1).get(0);
        FlinkRest history = new FlinkRest(URI.create("http://localhost:" + port));
        try (LocalCluster cluster =
                LocalCluster.of(distribution).sandbox(sandbox).config(options(port)).start()) {
            cluster.awaitReady(1);
            String jobId =
                    cluster.submit(
                            AuctionTable.jar(distribution),
                            "--events",
                            "10000",
                            "--output",
                            sandbox.directory("output").toString());
            JobDetails job =
                    POLLING.until(
                            "the end of the job",
                            DEADLINE,
                            () -> cluster.rest().job(jobId),
                            details -> details.status().equals("FINISHED"));
            cluster.stop();

            try (LaunchedProcess process =
                    cluster.command("historyserver.sh", "start-foreground").start("history")) {
                List<JobSummary> shown =
                        POLLING.until(
                                "a job in the history server",
                                DEADLINE,
                                () -> {
                                    process.requireAlive();
                                    return history.jobs();
                                },
                                jobs -> !jobs.isEmpty());

                assertThat(shown).containsExactly(new JobSummary(jobId, job.name(), "FINISHED"));
                JobDetails archived = history.job(jobId);
                assertThat(archived.status()).isEqualTo("FINISHED");
                assertThat(archived.duration()).isEqualTo(job.duration());
                assertThat(archived.vertices()).isEqualTo(job.vertices());
                JsonNode features = history.get("/config").required("features");
                assertThat(features.path("web-history").asBoolean()).isTrue();
            }
        }
    }

    @Test
    void takenPortIsNamedInOneLine() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = holder.getLocalPort();

            Command.Result result =
                    new Installation(distribution, sandbox, options(port))
                            .command("historyserver.sh", "start-foreground")
                            .run(DEADLINE);

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.stdout()).isEmpty();
            assertThat(result.stderr())
                    .isEqualTo(
                            "Cannot start the history server: port %d ('historyserver.web.port') is in use on this host. Stop the process that holds it, or set 'historyserver.web.port' to a free port.\n"
                                    .formatted(port));
        }
    }

    /** Flink's history server would ignore them. */
    @Test
    void argumentsAreRefused() throws Exception {
        Installation installation = new Installation(distribution, sandbox, Map.of());

        Command.Result result =
                installation
                        .command("historyserver.sh", "start-foreground", "-Dparallelism.default=2")
                        .run(DEADLINE);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr())
                .isEqualTo(
                        "The history server takes no further arguments, but got: -Dparallelism.default=2. Set its options in %s/config.yaml.\n"
                                .formatted(installation.conf()));
    }

    private Map<String, String> options(int port) {
        String archive = sandbox.directory("archive").toUri().toString();
        return Map.of(
                "jobmanager.archive.fs.dir",
                archive,
                "historyserver.archive.fs.dir",
                archive,
                "historyserver.archive.fs.refresh-interval",
                "200ms",
                "historyserver.web.tmpdir",
                sandbox.directory("history").toString(),
                "historyserver.web.address",
                "localhost",
                "historyserver.web.port",
                Integer.toString(port));
    }
}
