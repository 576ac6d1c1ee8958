package io.sluice.runtime.entrypoint;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.entrypoint.KubernetesResourceManagerFactory;
import org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.entrypoint.DynamicParametersConfigurationParserFactory;
import org.apache.flink.runtime.entrypoint.component.DispatcherResourceManagerComponentFactory;

import io.sluice.runtime.CheckpointingProfile;
import io.sluice.runtime.reporter.OwnReporters;

/** The JobManager of a session cluster in Kubernetes. */
public final class KubernetesSessionJobManager extends KubernetesSessionClusterEntrypoint {

    private KubernetesSessionJobManager(Configuration configuration) {
        super(OwnReporters.withFileSystems(configuration));
    }

    public static void main(String[] args) {
        Startup.begin(LOG, KubernetesSessionJobManager.class.getSimpleName(), args);
        Configuration dynamicParameters =
                ClusterEntrypointUtils.parseParametersOrExit(
                        args,
                        new DynamicParametersConfigurationParserFactory(),
                        KubernetesSessionJobManager.class);
        ClusterEntrypoint.runClusterEntrypoint(
                new KubernetesSessionJobManager(
                        CheckpointingProfile.addTo(
                                FlinkInternals.kubernetesConfiguration(dynamicParameters))));
    }

    @Override
    protected DispatcherResourceManagerComponentFactory
            createDispatcherResourceManagerComponentFactory(Configuration configuration) {
        return ExtendedComponents.ofSession(KubernetesResourceManagerFactory.getInstance());
    }
}
