package io.sluice.runtime;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** Options of the runtime extension. */
public final class RuntimeOptions {

    /** Whether our main classes start, or Flink's. */
    public static final ConfigOption<Boolean> ENABLED =
            ConfigOptions.key("sluice.runtime.enabled")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether JobManager and TaskManager are started with Sluice's extensions:"
                                    + " its REST routes and the messages behind them. If false, Flink's"
                                    + " own main classes run.");

    /** Whether each job has log files of its own. */
    public static final ConfigOption<Boolean> LOGS_PER_JOB =
            ConfigOptions.key("sluice.logs.per-job")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether JobManager and TaskManagers write what they log for a job into a"
                                    + " file of its own, too, beside their log: NAME-job-JOBID.log, listed"
                                    + " by the REST API and the web UI as all logs are. Threads that user"
                                    + " code starts log into the main file only. Takes effect with the"
                                    + " log4j.properties and log4j-console.properties of this"
                                    + " distribution; read when the processes start.");

    private RuntimeOptions() {}
}
