package io.sluice.runtime.entrypoint;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfiguration;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfigurationParserFactory;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.component.DefaultDispatcherResourceManagerComponentFactory;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;

import io.sluice.runtime.CheckpointingProfile;
import io.sluice.runtime.reporter.OwnReporters;

/** The JobManager of a standalone session cluster. */
public final class SessionJobManager extends StandaloneSessionClusterEntrypoint {

    private SessionJobManager(Configuration configuration) {
        super(OwnReporters.withFileSystems(configuration));
    }

    public static void main(String[] args) {
        Startup.begin(LOG, SessionJobManager.class.getSimpleName(), args);
        EntrypointClusterConfiguration parsed =
                ClusterEntrypointUtils.parseParametersOrExit(
                        args,
                        new EntrypointClusterConfigurationParserFactory(),
                        SessionJobManager.class);
        ClusterEntrypoint.runClusterEntrypoint(
                new SessionJobManager(CheckpointingProfile.addTo(loadConfiguration(parsed))));
    }

    @Override
    protected DefaultDispatcherResourceManagerComponentFactory
            createDispatcherResourceManagerComponentFactory(Configuration configuration) {
        return ExtendedComponents.ofSession(StandaloneResourceManagerFactory.getInstance());
    }
}
