package io.sluice.systemtests;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.kubernetes.configuration.KubernetesConfigOptions;
import org.apache.flink.kubernetes.kubeclient.FlinkPod;
import org.apache.flink.kubernetes.kubeclient.factory.KubernetesTaskManagerFactory;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesTaskManagerParameters;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.Container;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.EnvVar;
import org.apache.flink.runtime.clusterframework.BootstrapTools;
import org.apache.flink.runtime.clusterframework.ContaineredTaskManagerParameters;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What runs in the main container of a TaskManager's pod: made by Flink's own Kubernetes code, as a
 * JobManager of a native cluster does, and therefore exact.
 *
 * @param name of the pod, and of the TaskManager in the REST API
 * @param command the entry point
 * @param arguments of the entry point: {@code bash}, {@code -c} and one line for it
 * @param environment with a value for what Kubernetes would fill in
 */
record TaskManagerPod(
        String name,
        List<String> command,
        List<String> arguments,
        Map<String, String> environment) {

    private static final String NODE = "node-1";

    TaskManagerPod {
        command = List.copyOf(command);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /**
     * Returns the pod that a JobManager with the {@code config.yaml} in {@code conf} would create.
     *
     * @param changed entries that the JobManager got as {@code -D} arguments, which it passes on
     */
    static TaskManagerPod of(String name, Path conf, Map<String, String> changed) {
        Configuration mounted = GlobalConfiguration.loadConfiguration(conf.toString());
        mounted.set(KubernetesConfigOptions.CLUSTER_ID, "sluice");
        mounted.set(KubernetesConfigOptions.CONTAINER_IMAGE, "sluice");
        mounted.set(KubernetesConfigOptions.FLINK_CONF_DIR, conf.toString());
        // A pod without a network of its own: its JobManager has not chosen the TaskManager's port.
        mounted.set(KubernetesConfigOptions.KUBERNETES_HOSTNETWORK_ENABLED, true);
        Configuration ofJobManager = new Configuration(mounted);
        changed.forEach(ofJobManager::setString);
        Configuration ofTaskManager = new Configuration(ofJobManager);
        ofTaskManager.set(TaskManagerOptions.TASK_MANAGER_RESOURCE_ID, name);

        TaskExecutorProcessSpec spec = TaskExecutorProcessUtils.processSpecFromConfig(ofJobManager);
        KubernetesTaskManagerParameters parameters =
                new KubernetesTaskManagerParameters(
                        ofJobManager,
                        name,
                        BootstrapTools.getDynamicPropertiesAsString(mounted, ofTaskManager),
                        ProcessMemoryUtils.generateJvmParametersStr(spec),
                        ContaineredTaskManagerParameters.create(ofJobManager, spec),
                        Map.of(),
                        Set.of());
        Container container =
                KubernetesTaskManagerFactory.buildTaskManagerKubernetesPod(
                                new FlinkPod.Builder().build(), parameters)
                        .getInternalResource()
                        .getSpec()
                        .getContainers()
                        .get(0);
        return new TaskManagerPod(
                name, container.getCommand(), container.getArgs(), environmentOf(container));
    }

    private static Map<String, String> environmentOf(Container container) {
        Map<String, String> environment = new TreeMap<>();
        for (EnvVar variable : container.getEnv()) {
            environment.put(
                    variable.getName(),
                    variable.getValueFrom() == null ? variable.getValue() : NODE);
        }
        return environment;
    }
}
