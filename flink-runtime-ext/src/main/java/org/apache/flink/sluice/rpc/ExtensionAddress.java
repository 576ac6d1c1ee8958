package org.apache.flink.sluice.rpc;

import org.apache.flink.runtime.rpc.RpcGateway;

/** Where the extension of a process is, beside an endpoint of Flink's in the same process. */
public final class ExtensionAddress {

    public static final String JOB_MANAGER = "sluice_jobmanager";
    public static final String TASK_MANAGER = "sluice_taskmanager";

    private ExtensionAddress() {}

    /** Returns the address of the JobManager's extension, from one of Flink's leaders there. */
    public static String ofJobManager(RpcGateway leader) {
        return ofJobManager(leader.getAddress());
    }

    /** Returns the address of the JobManager's extension, from that of a leader there. */
    public static String ofJobManager(String leader) {
        return sibling(leader, JOB_MANAGER);
    }

    private static String sibling(String address, String endpoint) {
        return address.substring(0, address.lastIndexOf('/') + 1) + endpoint;
    }

    /** Whether two addresses belong to the same process. */
    public static boolean isSameProcess(String address, String other) {
        return sibling(address, "").equalsIgnoreCase(sibling(other, ""));
    }
}
