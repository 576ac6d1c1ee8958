package io.sluice.runtime.entrypoint;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptionsInternal;
import org.apache.flink.kubernetes.utils.Constants;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TaskManager in a pod that a JobManager in Kubernetes asked for. */
public final class KubernetesTaskManager {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesTaskManager.class);

    private KubernetesTaskManager() {}

    public static void main(String[] args) {
        Startup.begin(LOG, "TaskManager in Kubernetes", args);
        Configuration configuration = ExtendedTaskManager.load(args);
        if (configuration != null) {
            configuration.set(TaskManagerOptionsInternal.TASK_MANAGER_NODE_ID, node());
            ExtendedTaskManager.run(configuration);
        }
    }

    private static String node() {
        String node = System.getenv(Constants.ENV_FLINK_POD_NODE_ID);
        if (node == null) {
            throw new IllegalStateException(
                    "The environment variable %s, which tells the node of this TaskManager, is missing: only a JobManager in Kubernetes can start this process."
                            .formatted(Constants.ENV_FLINK_POD_NODE_ID));
        }
        return node;
    }
}
