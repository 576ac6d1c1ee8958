package org.apache.flink.sluice.rpc;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;

/**
 * What the tasks of a job did in the last period.
 *
 * @param loads of each TaskManager that has reported, and episodes that go on
 * @param silent TaskManagers that did not answer, with the reason
 */
public record JobBackpressure(EncodedLoads loads, List<JobState.Silent> silent)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    public JobBackpressure {
        silent = List.copyOf(silent);
    }
}
