package io.sluice.runtime;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;

import java.time.Duration;

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

    /** Which defaults checkpointing has. */
    public static final ConfigOption<String> CHECKPOINTING_PROFILE =
            ConfigOptions.key("sluice.checkpointing.profile")
                    .stringType()
                    .defaultValue("default")
                    .withDescription(
                            "Which defaults checkpointing has. 'default': Flink's. 'hdfs': few files and few"
                                    + " calls of a NameNode, by"
                                    + " execution.checkpointing.file-merging.enabled: true,"
                                    + " execution.checkpointing.file-merging.across-checkpoint-boundary: true"
                                    + " and execution.checkpointing.file-merging.max-file-size: 128 mb. Each"
                                    + " of these options wins where it is set itself, in the configuration"
                                    + " or for a job. Read when JobManager and TaskManagers start, for all"
                                    + " jobs (unless sluice.runtime.enabled is false), and by 'flink run' for"
                                    + " its job, whose options win over the cluster's. 'default' switches"
                                    + " nothing off: for one job of such a cluster set"
                                    + " execution.checkpointing.file-merging.enabled: false.");

    /** Whether episodes of backpressure are found, counted and explained. */
    public static final ConfigOption<Boolean> BACKPRESSURE_ENABLED =
            ConfigOptions.key("sluice.backpressure.enabled")
                    .booleanType()
                    .defaultValue(true)
                    .withDescription(
                            "Whether TaskManagers find when each task was held back, and the JobManager"
                                    + " finds by whom: four metrics a task, the routes below"
                                    + " /jobs/:jobid/backpressure and their page in the web UI. Works"
                                    + " beside every list in metrics.reporters.");

    /** Whether outputs are watched one by one. */
    public static final ConfigOption<Boolean> BACKPRESSURE_EDGES =
            ConfigOptions.key("sluice.backpressure.edges")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription(
                            "Whether TaskManagers watch each output of a task by itself, so that of"
                                    + " several consumers the one that holds it back is known for sure, with"
                                    + " metrics dataset.ID.outPoolUsage and dataset.ID.blockedMsTotal. Costs"
                                    + " a look at each output every sampling interval. Sets"
                                    + " shuffle-service-factory.class of the TaskManagers; as Flink looks at"
                                    + " that name, finished results of batch jobs are then not kept when"
                                    + " the JobManager fails (execution.batch.job-recovery.enabled).");

    /** How often the tasks' timers are read. */
    public static final ConfigOption<Duration> BACKPRESSURE_SAMPLING_INTERVAL =
            ConfigOptions.key("sluice.backpressure.sampling-interval")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(1))
                    .withDescription(
                            "How often a TaskManager reads the timers of its tasks. No start or end of an"
                                    + " episode is missed by more than this, whose length is found to far less.");

    /** What the JobManager gets in one message. */
    public static final ConfigOption<Duration> BACKPRESSURE_REPORT_INTERVAL =
            ConfigOptions.key("sluice.backpressure.report-interval")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(5))
                    .withDescription(
                            "The period that shares of time are of, and how often the JobManager asks each"
                                    + " TaskManager for them: one message of about 20 bytes a subtask. A"
                                    + " multiple of the sampling interval.");

    /** When an episode begins. */
    public static final ConfigOption<Double> BACKPRESSURE_ENTER_SHARE =
            ConfigOptions.key("sluice.backpressure.episode.enter-share")
                    .doubleType()
                    .defaultValue(0.5)
                    .withDescription(
                            "An episode begins when a task was held back for this share of"
                                    + " sluice.backpressure.episode.enter-after; its start is where that began.");

    /** Over which time. */
    public static final ConfigOption<Duration> BACKPRESSURE_ENTER_AFTER =
            ConfigOptions.key("sluice.backpressure.episode.enter-after")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(3))
                    .withDescription(
                            "How far back the share is taken that begins an episode. What holds a task back"
                                    + " for less than the share of this time is no episode.");

    /** When an episode ends. */
    public static final ConfigOption<Double> BACKPRESSURE_LEAVE_SHARE =
            ConfigOptions.key("sluice.backpressure.episode.leave-share")
                    .doubleType()
                    .defaultValue(0.1)
                    .withDescription(
                            "An episode ends when a task was held back for less than this share of each"
                                    + " sampling interval during sluice.backpressure.episode.leave-after.");

    /** After which time. */
    public static final ConfigOption<Duration> BACKPRESSURE_LEAVE_AFTER =
            ConfigOptions.key("sluice.backpressure.episode.leave-after")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(5))
                    .withDescription(
                            "How long a task must be free for an episode to be over. The end is where that"
                                    + " time began; shorter gaps belong to the episode.");

    /** How far back history goes. */
    public static final ConfigOption<Duration> BACKPRESSURE_HISTORY_RETENTION =
            ConfigOptions.key("sluice.backpressure.history.retention")
                    .durationType()
                    .defaultValue(Duration.ofHours(24))
                    .withDescription("How long the JobManager remembers periods and episodes.");

    /** How much memory it takes. */
    public static final ConfigOption<MemorySize> BACKPRESSURE_HISTORY_SIZE =
            ConfigOptions.key("sluice.backpressure.history.size")
                    .memoryType()
                    .defaultValue(MemorySize.ofMebiBytes(32))
                    .withDescription(
                            "Heap of the JobManager that periods and episodes of all jobs may take. Beyond"
                                    + " it the oldest are forgotten before their time: an hour of a job with"
                                    + " ten vertices takes about 0.1 MiB.");

    /** Where it outlives the JobManager. */
    public static final ConfigOption<String> BACKPRESSURE_HISTORY_DIRECTORY =
            ConfigOptions.key("sluice.backpressure.history.dir")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Directory, of any file system of Flink, where the leading JobManager writes"
                                    + " history, so that the next one knows it. One for each cluster. Not"
                                    + " set: history ends with the JobManager.");

    private RuntimeOptions() {}
}
