package io.sluice.runtime.entrypoint;

import org.apache.flink.client.deployment.application.ApplicationClusterEntryPoint;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.component.DispatcherResourceManagerComponentFactory;
import org.apache.flink.runtime.resourcemanager.ResourceManagerFactory;

import io.sluice.runtime.reporter.OwnReporters;

import java.util.concurrent.Callable;

/** The JobManager of an application cluster, which runs the user's program itself. */
abstract class ApplicationJobManager extends ApplicationClusterEntryPoint {

    private final PackagedProgram program;
    private final ResourceManagerFactory<?> resourceManagers;

    ApplicationJobManager(
            Configuration configuration,
            PackagedProgram program,
            ResourceManagerFactory<?> resourceManagers) {
        super(OwnReporters.withFileSystems(configuration), program, resourceManagers);
        this.program = program;
        this.resourceManagers = resourceManagers;
    }

    @Override
    protected final DispatcherResourceManagerComponentFactory
            createDispatcherResourceManagerComponentFactory(Configuration configuration) {
        return ExtendedComponents.ofApplication(configuration, program, resourceManagers);
    }

    /** Makes a JobManager of its configuration and program. */
    @FunctionalInterface
    interface Maker {
        ApplicationJobManager make(Configuration configuration, PackagedProgram program);
    }

    /** Loads the program, with file systems and identity as configured, and runs the JobManager. */
    static void run(Configuration configuration, Callable<PackagedProgram> loading, Maker maker) {
        PackagedProgram program;
        try {
            FileSystem.initialize(
                    configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
            program = installSecurityContext(configuration).runSecured(loading);
            configureExecution(configuration, program);
        } catch (Exception e) {
            LOG.error("Could not load the application. The reason and what to change is below.", e);
            System.exit(ClusterEntrypoint.STARTUP_FAILURE_RETURN_CODE);
            return;
        }
        runClusterEntrypoint(maker.make(configuration, program));
    }
}
