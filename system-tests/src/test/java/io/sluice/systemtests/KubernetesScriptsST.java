package io.sluice.systemtests;

import org.apache.flink.client.deployment.application.ApplicationConfiguration;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.DeploymentOptionsInternal;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.kubernetes.configuration.KubernetesConfigOptions;
import org.apache.flink.kubernetes.configuration.KubernetesDeploymentTarget;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.cluster.TaskManagerInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The image inside the pods of Flink's native Kubernetes integration, as far as that goes without
 * Kubernetes: Flink's own client says what the containers run, and here they do run.
 */
class KubernetesScriptsST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(100));
    private static final String POD = "auctions-taskmanager-1-1";

    private final Sandbox sandbox = Sandbox.create();
    private final Container container = Container.create(sandbox, "container");

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void taskManagerRegistersUnderTheNameOfItsPod() throws Exception {
        try (LocalCluster cluster =
                LocalCluster.of(Distribution.fromSystemProperty()).taskManagers(0).start()) {
            Configuration client = clientConfiguration(cluster.installation());
            client.set(TaskManagerOptions.NUM_TASK_SLOTS, 2);
            KubernetesPod jobManager = KubernetesPod.ofJobManager(client);
            Configuration changes = new Configuration();
            changes.set(JobManagerOptions.ADDRESS, "localhost");
            changes.set(PipelineOptions.NAME, "it's \"quoted\" and has a $");
            KubernetesPod taskManager =
                    KubernetesPod.ofTaskManager(POD, jobManager, client, changes);

            try (LaunchedProcess process = run(taskManager).start("taskmanager-pod")) {
                POLLING.until(
                        "the slots of the pod",
                        DEADLINE,
                        () -> {
                            process.requireAlive();
                            return cluster.rest().taskManagers();
                        },
                        registered ->
                                registered.stream().mapToInt(TaskManagerInfo::slots).sum() == 2);

                assertThat(taskManager.jvmMemoryOptions()).isNotEmpty();
                assertThat(cluster.rest().taskManagers())
                        .extracting(TaskManagerInfo::id)
                        .containsExactly(POD);
                assertThat(process.output())
                        .contains("Starting TaskManager in Kubernetes")
                        .contains(
                                "Loading dynamic configuration property: pipeline.name, it's \"quoted\" and has a $")
                        .contains(taskManager.jvmMemoryOptions());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SESSION, KubernetesSessionJobManager",
        "APPLICATION, KubernetesApplicationJobManager"
    })
    void jobManagerComesAsFarAsTheApiServer(KubernetesDeploymentTarget target, String entrypoint)
            throws Exception {
        Installation installation =
                new Installation(Distribution.fromSystemProperty(), sandbox, Map.of());
        Configuration client = clientConfiguration(installation);
        client.set(DeploymentOptions.TARGET, target.getName());
        if (target == KubernetesDeploymentTarget.APPLICATION) {
            client.set(
                    PipelineOptions.JARS, List.of("local://" + AuctionTable.jar(container.home())));
            new ApplicationConfiguration(
                            new String[] {"--events", "10"},
                            "io.sluice.examples.nexmark.HighestBidJob")
                    .applyToConfiguration(client);
        }

        try (LaunchedProcess process =
                run(KubernetesPod.ofJobManager(client)).start("jobmanager-pod")) {
            int exitCode = process.awaitExit(DEADLINE);

            assertThat(process.output())
                    .contains("Starting %s (Version: ".formatted(entrypoint))
                    .contains("Could not start the ResourceManager pekko.tcp://flink@auctions.")
                    .contains("Operation: [list]  for kind: [Pod]")
                    .contains("java.net.ConnectException: Connection refused");
            assertThat(exitCode).isNotZero();
        }
    }

    @Test
    void unknownKindOfJobManagerGivesTheUsage() throws Exception {
        Command.Result result =
                container
                        .entrypoint("bash", "-c", "kubernetes-jobmanager.sh kubernetes-job")
                        .run(DEADLINE);

        assertThat(result.stderr())
                .isEqualTo(
                        "Usage: kubernetes-jobmanager.sh kubernetes-session|kubernetes-application [-Dkey=value ...]\n");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    /** Returns what the user's own client would read, for the cluster {@code auctions}. */
    private Configuration clientConfiguration(Installation installation) {
        List<Integer> ports = FreePorts.pick(3);
        Configuration client =
                GlobalConfiguration.loadConfiguration(installation.conf().toString());
        client.set(DeploymentOptionsInternal.CONF_DIR, installation.conf().toString());
        client.set(DeploymentOptions.TARGET, KubernetesDeploymentTarget.SESSION.getName());
        client.set(KubernetesConfigOptions.CLUSTER_ID, "auctions");
        client.set(
                KubernetesConfigOptions.KUBERNETES_ENTRY_PATH,
                container.home().script("docker-entrypoint.sh").toString());
        client.set(KubernetesConfigOptions.FLINK_CONF_DIR, container.home().conf().toString());
        client.set(BlobServerOptions.PORT, ports.get(0).toString());
        client.set(RestOptions.BIND_PORT, ports.get(1).toString());
        client.set(TaskManagerOptions.RPC_PORT, ports.get(2).toString());
        return client;
    }

    /** Returns the container's process, on a node whose API server does not answer. */
    private Command run(KubernetesPod pod) throws IOException {
        container.mountConfiguration(pod.configuration());
        assertThat(pod.command())
                .startsWith(container.home().script("docker-entrypoint.sh").toString());
        return container
                .entrypoint(pod.command().stream().skip(1).toArray(String[]::new))
                .env(pod.environment())
                .env("KUBERNETES_SERVICE_HOST", "localhost")
                .env("KUBERNETES_SERVICE_PORT", FreePorts.pick(1).get(0).toString())
                // Of the client library: once is enough, and no developer's cluster is to be asked.
                .env("KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT", "0")
                .env("KUBECONFIG", sandbox.root().resolve("none").toString());
    }
}
