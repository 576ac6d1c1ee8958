package io.sluice.runtime.entrypoint;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginManager;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.core.security.FlinkSecurityManager;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.entrypoint.FlinkParseException;
import org.apache.flink.runtime.security.SecurityConfiguration;
import org.apache.flink.runtime.security.SecurityUtils;
import org.apache.flink.runtime.state.changelog.StateChangelogStorageLoader;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner.TaskExecutorService;
import org.apache.flink.runtime.util.EnvironmentInformation;

import io.sluice.runtime.CheckpointingProfile;
import io.sluice.runtime.backpressure.track.BackpressureSetup;
import io.sluice.runtime.extension.TaskManagerExtension;
import io.sluice.runtime.migration.AdaptiveStates;
import io.sluice.runtime.reporter.OwnReporters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;

/** A TaskManager: Flink's, with our RPC endpoint beside its own. */
public final class ExtendedTaskManager {

    private static final Logger LOG = LoggerFactory.getLogger(ExtendedTaskManager.class);

    private ExtendedTaskManager() {}

    public static void main(String[] args) {
        Startup.begin(LOG, "TaskManager", args);
        LOG.info(
                "Maximum number of open file descriptors is {}.",
                EnvironmentInformation.getOpenFileHandlesLimit());
        Configuration configuration = load(args);
        if (configuration != null) {
            run(configuration);
        }
    }

    /** Returns null, with the JVM about to exit, if the arguments make no sense. */
    static @Nullable Configuration load(String[] args) {
        try {
            return TaskManagerRunner.loadConfiguration(args);
        } catch (FlinkParseException e) {
            LOG.error("Could not load the configuration.", e);
            System.exit(TaskManagerRunner.FAILURE_EXIT_CODE);
            return null;
        }
    }

    /** Runs it, and ends the JVM with it. */
    static void run(Configuration given) {
        Configuration configuration;
        try {
            configuration =
                    OwnReporters.withFileSystems(
                            BackpressureSetup.addTo(CheckpointingProfile.addTo(given)));
        } catch (IllegalConfigurationException e) {
            LOG.error("The TaskManager does not start: {}", e.getMessage(), e);
            System.exit(TaskManagerRunner.FAILURE_EXIT_CODE);
            return;
        }
        FlinkSecurityManager.setFromConfiguration(configuration);
        PluginManager plugins = PluginUtils.createPluginManagerFromRootFolder(configuration);
        FileSystem.initialize(configuration, plugins);
        StateChangelogStorageLoader.initialize(plugins);
        ClusterEntrypointUtils.configureUncaughtExceptionHandler(configuration);
        int exitCode;
        try {
            SecurityUtils.install(new SecurityConfiguration(configuration));
            exitCode =
                    SecurityUtils.getInstalledContext()
                            .runSecured(() -> runUntilTerminated(configuration, plugins));
            LOG.info("The TaskManager ends with exit code {}.", exitCode);
        } catch (Throwable t) {
            exitCode = TaskManagerRunner.FAILURE_EXIT_CODE;
            LOG.error("The TaskManager ends with exit code {}.", exitCode, t);
        }
        System.exit(exitCode);
    }

    private static int runUntilTerminated(Configuration configuration, PluginManager plugins)
            throws Exception {
        TaskManagerRunner runner =
                new TaskManagerRunner(
                        configuration,
                        plugins,
                        (config,
                                resourceId,
                                rpcService,
                                highAvailability,
                                heartbeats,
                                metrics,
                                blobs,
                                localOnly,
                                externalResources,
                                workingDirectory,
                                fatalErrors,
                                tokens) ->
                                new ExtendedService(
                                        TaskManagerRunner.createTaskExecutorService(
                                                config,
                                                resourceId,
                                                rpcService,
                                                highAvailability,
                                                heartbeats,
                                                metrics,
                                                blobs,
                                                localOnly,
                                                externalResources,
                                                workingDirectory,
                                                fatalErrors,
                                                tokens),
                                        new TaskManagerExtension(
                                                rpcService,
                                                resourceId.getResourceIdString(),
                                                highAvailability
                                                        .getResourceManagerLeaderRetriever(),
                                                AdaptiveStates.ofProcess())));
        runner.start();
        return runner.getTerminationFuture().get().getExitCode();
    }

    /**
     * Starts the extension after Flink's TaskManager, and ends it before.
     *
     * @param stock whose life is that of the whole
     */
    private record ExtendedService(TaskExecutorService stock, TaskManagerExtension extension)
            implements TaskExecutorService {

        @Override
        public void start() {
            stock.start();
            extension.start();
        }

        @Override
        public CompletableFuture<Void> getTerminationFuture() {
            return stock.getTerminationFuture();
        }

        @Override
        public CompletableFuture<Void> closeAsync() {
            return extension
                    .closeAsync()
                    .handle((done, failure) -> failure)
                    .thenCompose(failure -> stock.closeAsync());
        }
    }
}
