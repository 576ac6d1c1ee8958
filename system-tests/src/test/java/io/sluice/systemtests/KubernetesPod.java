package io.sluice.systemtests;

import org.apache.flink.client.deployment.ClusterSpecification;
import org.apache.flink.client.deployment.ClusterSpecification.ClusterSpecificationBuilder;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.kubernetes.kubeclient.FlinkPod;
import org.apache.flink.kubernetes.kubeclient.KubernetesJobManagerSpecification;
import org.apache.flink.kubernetes.kubeclient.factory.KubernetesJobManagerFactory;
import org.apache.flink.kubernetes.kubeclient.factory.KubernetesTaskManagerFactory;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesJobManagerParameters;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesTaskManagerParameters;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.ConfigMap;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.EnvVar;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.PodSpec;
import org.apache.flink.kubernetes.utils.Constants;
import org.apache.flink.runtime.clusterframework.BootstrapTools;
import org.apache.flink.runtime.clusterframework.ContaineredTaskManagerParameters;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The one container of a pod, exactly as Flink's own Kubernetes client asks for it.
 *
 * @param command the entry point of the image and its arguments
 * @param environment with the values that Kubernetes itself would fill in
 * @param configuration the files of the ConfigMap, by their names
 */
record KubernetesPod(
        List<String> command, Map<String, String> environment, Map<String, String> configuration) {

    /** What Kubernetes fills in, by the field that is asked for. */
    private static final Map<String, String> OF_THE_NODE =
            Map.of("status.podIP", "127.0.0.1", "spec.nodeName", "node-7");

    KubernetesPod {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        configuration = Map.copyOf(configuration);
    }

    /** Returns the memory options that Flink hands to the JVM of a TaskManager. */
    List<String> jvmMemoryOptions() {
        return Optional.ofNullable(environment.get(Constants.ENV_TM_JVM_MEM_OPTS)).stream()
                .flatMap(Pattern.compile(" ")::splitAsStream)
                .toList();
    }

    /** Returns what {@code flink run-application} or {@code kubernetes-session} would create. */
    static KubernetesPod ofJobManager(Configuration client) throws IOException {
        ClusterSpecification size =
                new ClusterSpecificationBuilder()
                        .setMasterMemoryMB(1_024)
                        .createClusterSpecification();
        KubernetesJobManagerSpecification jobManager =
                KubernetesJobManagerFactory.buildKubernetesJobManagerSpecification(
                        new FlinkPod.Builder().build(),
                        new KubernetesJobManagerParameters(client, size));
        ConfigMap files =
                jobManager.getAccompanyingResources().stream()
                        .filter(ConfigMap.class::isInstance)
                        .map(ConfigMap.class::cast)
                        .findFirst()
                        .orElseThrow();
        return of(jobManager.getDeployment().getSpec().getTemplate().getSpec(), files.getData());
    }

    /**
     * Returns what a JobManager in {@code jobManagerPod} would ask for.
     *
     * @param cluster the configuration that the JobManager has read
     * @param changes what has changed in it since, such as its address
     */
    static KubernetesPod ofTaskManager(
            String podName,
            KubernetesPod jobManagerPod,
            Configuration cluster,
            Configuration changes) {
        Configuration jobManager = new Configuration(cluster);
        jobManager.addAll(changes);
        Configuration taskManager = new Configuration(jobManager);
        taskManager.set(TaskManagerOptions.TASK_MANAGER_RESOURCE_ID, podName);
        TaskExecutorProcessSpec size = TaskExecutorProcessUtils.processSpecFromConfig(jobManager);
        PodSpec pod =
                KubernetesTaskManagerFactory.buildTaskManagerKubernetesPod(
                                new FlinkPod.Builder().build(),
                                new KubernetesTaskManagerParameters(
                                        jobManager,
                                        podName,
                                        BootstrapTools.getDynamicPropertiesAsString(
                                                cluster, taskManager),
                                        ProcessMemoryUtils.generateJvmParametersStr(size),
                                        ContaineredTaskManagerParameters.create(jobManager, size),
                                        Map.of(),
                                        Set.of()))
                        .getInternalResource()
                        .getSpec();
        return of(pod, jobManagerPod.configuration());
    }

    private static KubernetesPod of(PodSpec pod, Map<String, String> configuration) {
        var container = pod.getContainers().get(0);
        Map<String, String> environment = new TreeMap<>();
        container
                .getEnv()
                .forEach(variable -> environment.put(variable.getName(), value(variable)));
        List<String> command = new ArrayList<>(container.getCommand());
        command.addAll(container.getArgs());
        return new KubernetesPod(command, environment, configuration);
    }

    private static String value(EnvVar variable) {
        return variable.getValueFrom() == null
                ? variable.getValue()
                : OF_THE_NODE.getOrDefault(
                        variable.getValueFrom().getFieldRef().getFieldPath(), "");
    }
}
