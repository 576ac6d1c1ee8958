package io.sluice.runtime.entrypoint;

import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.entrypoint.KubernetesResourceManagerFactory;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.entrypoint.DynamicParametersConfigurationParserFactory;

import io.sluice.runtime.CheckpointingProfile;

/** The JobManager of an application cluster in Kubernetes. */
public final class KubernetesApplicationJobManager extends ApplicationJobManager {

    private KubernetesApplicationJobManager(Configuration configuration, PackagedProgram program) {
        super(configuration, program, KubernetesResourceManagerFactory.getInstance());
    }

    public static void main(String[] args) {
        Startup.begin(LOG, KubernetesApplicationJobManager.class.getSimpleName(), args);
        Configuration configuration =
                CheckpointingProfile.addTo(
                        FlinkInternals.kubernetesConfiguration(
                                ClusterEntrypointUtils.parseParametersOrExit(
                                        args,
                                        new DynamicParametersConfigurationParserFactory(),
                                        KubernetesApplicationJobManager.class)));
        run(
                configuration,
                () -> FlinkInternals.kubernetesProgram(configuration),
                KubernetesApplicationJobManager::new);
    }
}
