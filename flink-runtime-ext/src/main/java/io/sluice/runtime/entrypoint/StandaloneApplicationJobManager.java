package io.sluice.runtime.entrypoint;

import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.container.entrypoint.StandaloneApplicationClusterConfigurationParserFactory;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfiguration;
import org.apache.flink.runtime.entrypoint.parser.ParserResultFactory;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;

import io.sluice.runtime.CheckpointingProfile;

/** The JobManager of a standalone application cluster. */
public final class StandaloneApplicationJobManager extends ApplicationJobManager {

    private StandaloneApplicationJobManager(Configuration configuration, PackagedProgram program) {
        super(configuration, program, StandaloneResourceManagerFactory.getInstance());
    }

    public static void main(String[] args) {
        Startup.begin(LOG, StandaloneApplicationJobManager.class.getSimpleName(), args);
        ParserResultFactory<? extends EntrypointClusterConfiguration> parser =
                new StandaloneApplicationClusterConfigurationParserFactory();
        EntrypointClusterConfiguration parsed =
                ClusterEntrypointUtils.parseParametersOrExit(
                        args, parser, StandaloneApplicationJobManager.class);
        Configuration configuration =
                CheckpointingProfile.addTo(FlinkInternals.standaloneConfiguration(parsed));
        run(
                configuration,
                () -> FlinkInternals.standaloneProgram(parsed, configuration),
                StandaloneApplicationJobManager::new);
    }

    @Override
    protected boolean supportsReactiveMode() {
        return true;
    }
}
