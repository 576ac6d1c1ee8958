package io.sluice.systemtests;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.GiveUpException;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** {@code sql-gateway.sh} and its REST API. */
class SqlGatewayST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));

    private final int port = FreePorts.pick(1).get(0);
    private final FlinkRest gateway = new FlinkRest(URI.create("http://localhost:" + port));

    @Test
    void sessionQueriesTheCluster() throws Exception {
        Distribution distribution = Distribution.fromSystemProperty();
        try (LocalCluster cluster = LocalCluster.of(distribution).start();
                LaunchedProcess process =
                        cluster.command("sql-gateway.sh", "start-foreground")
                                .args(options())
                                .start("sql-gateway")) {
            cluster.awaitReady(1);
            awaitGateway(process);

            SqlGatewaySession session = SqlGatewaySession.open(gateway);
            session.execute("ADD JAR '%s'".formatted(AuctionTable.jar(distribution)));
            session.execute("SET 'execution.runtime-mode' = 'batch'");
            session.execute(AuctionTable.DDL);
            List<String> rows = session.execute(AuctionTable.BIDS_PER_AUCTION);

            assertThat(rows)
                    .containsExactlyInAnyOrderElementsOf(AuctionTable.bidsPerAuction().toList());
            assertThat(cluster.rest().jobs())
                    .singleElement()
                    .satisfies(job -> assertThat(job.status()).isEqualTo("FINISHED"));
            assertThatThrownBy(() -> session.execute("SELECT no_such_column FROM events"))
                    .isInstanceOf(GiveUpException.class)
                    .hasMessageContaining("Column 'no_such_column' not found in any table");
            assertThat(session.properties()).isNotEmpty();

            session.close();

            assertThatThrownBy(session::properties)
                    .isInstanceOf(RestException.class)
                    .hasMessageContaining("does not exist");
            assertThat(process.stop(DEADLINE)).as("ended by SIGTERM").isTrue();
        }
    }

    @Test
    void daemonStartsAndStops() throws Exception {
        try (Sandbox sandbox = Sandbox.create()) {
            Installation installation =
                    new Installation(Distribution.fromSystemProperty(), sandbox, Map.of());
            installation
                    .command("sql-gateway.sh", "start")
                    .args(options())
                    .run(DEADLINE)
                    .requireSuccess();
            List<LinuxProcess> daemons =
                    installation.daemonPids("sql-gateway").stream().map(LinuxProcess::new).toList();
            try {
                assertThat(daemons).hasSize(1).allMatch(LinuxProcess::isAlive);
                POLLING.until(
                        "an answer of the gateway",
                        DEADLINE,
                        () -> gateway.get("/v1/info"),
                        info -> info.path("productName").asText().equals("Apache Flink"));

                installation.command("sql-gateway.sh", "stop").run(DEADLINE).requireSuccess();

                assertThat(daemons).noneMatch(LinuxProcess::isAlive);
                assertThat(installation.daemonPids("sql-gateway")).isEmpty();
            } finally {
                daemons.forEach(LinuxProcess::kill);
            }
        }
    }

    private String[] options() {
        return new String[] {
            "-Dsql-gateway.endpoint.rest.address=localhost",
            "-Dsql-gateway.endpoint.rest.bind-address=localhost",
            "-Dsql-gateway.endpoint.rest.port=" + port
        };
    }

    private void awaitGateway(LaunchedProcess process) throws InterruptedException {
        POLLING.until(
                "an answer of the gateway",
                DEADLINE,
                () -> {
                    process.requireAlive();
                    return gateway.get("/v1/info");
                },
                info -> info.path("productName").asText().equals("Apache Flink"));
    }
}
