package io.sluice.benchmarks.backend;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;

import java.io.File;
import java.nio.file.Path;

/** A TaskManager as a state backend sees it. */
record LocalTaskManager(Configuration configuration, Path temporary)
        implements TaskManagerRuntimeInfo {

    @Override
    public Configuration getConfiguration() {
        return configuration;
    }

    @Override
    public String[] getTmpDirectories() {
        return new String[] {temporary.toString()};
    }

    @Override
    public boolean shouldExitJvmOnOutOfMemoryError() {
        return false;
    }

    @Override
    public String getTaskManagerExternalAddress() {
        return "localhost";
    }

    @Override
    public File getTmpWorkingDirectory() {
        return temporary.toFile();
    }
}
