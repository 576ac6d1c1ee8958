package io.sluice.runtime.cli;

import org.apache.flink.api.common.JobID;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusMessageParameters;

import io.sluice.runtime.rest.StopWithCheckpointBody;
import io.sluice.runtime.rest.StopWithCheckpointBody.Phase;
import io.sluice.runtime.rest.StopWithCheckpointRequestBody;
import io.sluice.runtime.rest.StopWithCheckpointStatusHeaders;
import io.sluice.runtime.rest.StopWithCheckpointTriggerHeaders;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * {@code flink stop --checkpoint}: stops a job with its last checkpoint as a savepoint. Exit code 0
 * if it did all that it was asked to.
 */
public final class StopCommand extends RestCommand {

    private static final Option CHECKPOINT =
            Option.builder()
                    .longOpt("checkpoint")
                    .desc("stop with the last checkpoint instead of a savepoint")
                    .build();
    private static final Option MAX_AGE =
            Option.builder()
                    .longOpt("max-age")
                    .hasArg()
                    .argName("duration")
                    .desc(
                            "take no new checkpoint if the last is at most this old, such as '5 min'; 0 s if absent")
                    .build();
    private static final Option EXPORT =
            Option.builder()
                    .longOpt("export")
                    .hasArg()
                    .argName("directory")
                    .desc(
                            "copy the checkpoint and all that it needs into a new directory there, which may be moved")
                    .build();

    private static final String USAGE =
            "flink stop --checkpoint [--max-age DURATION] [--export DIRECTORY] [OPTION ...] JOB";

    private StopCommand(CliFrontend frontend, Configuration configuration) {
        super(frontend, configuration);
    }

    public static void main(String[] args) {
        main(args, StopCommand::new);
    }

    @Override
    int run(String... args) throws Exception {
        Options options =
                new Options()
                        .addOption(CHECKPOINT)
                        .addOption(MAX_AGE)
                        .addOption(EXPORT)
                        .addOption(HELP);
        CommandLine line = parse(options, args);
        if (line.hasOption(HELP.getOpt())) {
            printHelp(USAGE, options);
            return 0;
        }
        JobID job = job(line);
        return withClient(line, client -> stop(client, job, line));
    }

    private static int stop(RestClusterClient<?> client, JobID job, CommandLine line)
            throws Exception {
        JobMessageParameters parameters = new JobMessageParameters();
        parameters.jobPathParameter.resolve(job);
        TriggerId trigger =
                client.sendRequest(
                                new StopWithCheckpointTriggerHeaders(),
                                parameters,
                                new StopWithCheckpointRequestBody(
                                        line.getOptionValue(MAX_AGE.getLongOpt()),
                                        line.getOptionValue(EXPORT.getLongOpt())))
                        .get()
                        .getTriggerId();
        StopWithCheckpointBody stop = status(client, job, trigger);
        while (stop.status().id() == Phase.IN_PROGRESS) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            stop = status(client, job, trigger);
        }
        if (stop.checkpoint() != null) {
            System.out.printf("Job %s has stopped. Checkpoint: %s%n", job, stop.checkpoint());
        }
        if (stop.export() != null) {
            System.out.printf("Exported to: %s (%d bytes)%n", stop.export(), stop.exportBytes());
        }
        if (stop.message() != null) {
            System.err.println(stop.message());
        }
        return stop.status().id() == Phase.COMPLETED ? 0 : 1;
    }

    private static StopWithCheckpointBody status(
            RestClusterClient<?> client, JobID job, TriggerId trigger) throws Exception {
        SavepointStatusMessageParameters parameters = new SavepointStatusMessageParameters();
        parameters.jobIdPathParameter.resolve(job);
        parameters.triggerIdPathParameter.resolve(trigger);
        return client.sendRequest(
                        new StopWithCheckpointStatusHeaders(),
                        parameters,
                        EmptyRequestBody.getInstance())
                .get();
    }
}
