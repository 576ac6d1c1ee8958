package io.sluice.runtime.cli;

import org.apache.flink.api.common.JobID;
import org.apache.flink.client.cli.CliArgsException;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusMessageParameters;

import io.sluice.runtime.migration.MigrationRules;
import io.sluice.runtime.rest.StateMigrationBody;
import io.sluice.runtime.rest.StateMigrationRequestBody;
import io.sluice.runtime.rest.StateMigrationStatusHeaders;
import io.sluice.runtime.rest.StateMigrationTriggerHeaders;
import io.sluice.runtime.rest.StateTiersBody;
import io.sluice.runtime.rest.StateTiersHeaders;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@code flink state}: where the keyed state of a job lives, and moving it.
 *
 * <p>It finds the JobManager as all commands of Flink do, by the same options. Exit code 0 if it
 * did what it was asked to.
 */
public final class StateCommand extends RestCommand {

    private static final String STATUS = "status";
    private static final String MIGRATE = "migrate";

    private static final Option TO =
            Option.builder()
                    .longOpt("to")
                    .hasArg()
                    .argName("heap|disk|auto")
                    .desc("where the state is to be; auto leaves it to the TaskManagers again")
                    .build();
    private static final Option VERTEX =
            repeated("vertex", "id", "only state of this vertex; may be given again");
    private static final Option TASK_MANAGER =
            repeated("taskmanager", "id", "only state in this TaskManager; may be given again");
    private static final Option SHARE =
            Option.builder()
                    .longOpt("share")
                    .hasArg()
                    .argName("number")
                    .desc(
                            "of the key groups that is to be there, above 0 and at most 1; 1 if absent")
                    .build();
    private static final Option PACE =
            Option.builder()
                    .longOpt("pace")
                    .hasArg()
                    .argName("number")
                    .desc(
                            "share of its time that a task gives to the moves, above 0 and at most 1;"
                                    + " 0.1 if absent")
                    .build();
    private static final Option DETACHED =
            Option.builder("d")
                    .longOpt("detached")
                    .desc("print the id of the request and do not wait for the moves")
                    .build();

    private static final String USAGE =
            """
            flink state status [OPTION ...] JOB
            flink state migrate --to heap|disk|auto [OPTION ...] JOB""";

    private StateCommand(CliFrontend frontend, Configuration configuration) {
        super(frontend, configuration);
    }

    private static Option repeated(String name, String argument, String description) {
        return Option.builder().longOpt(name).hasArg().argName(argument).desc(description).build();
    }

    public static void main(String[] args) {
        main(args, StateCommand::new);
    }

    @Override
    int run(String... args) throws Exception {
        Options options =
                new Options()
                        .addOption(TO)
                        .addOption(VERTEX)
                        .addOption(TASK_MANAGER)
                        .addOption(SHARE)
                        .addOption(PACE)
                        .addOption(DETACHED)
                        .addOption(HELP);
        String action = args.length == 0 ? "" : args[0];
        CommandLine line =
                parse(options, args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length));
        if (line.hasOption(HELP.getOpt()) || action.equals("-h") || action.equals("--help")) {
            printHelp(USAGE, options);
            return 0;
        }
        if (!action.equals(STATUS) && !action.equals(MIGRATE)) {
            throw new CliArgsException(
                    "'flink state' takes status or migrate, not '%s'. 'flink state --help' tells more."
                            .formatted(action));
        }
        JobID job = job(line);
        return withClient(
                line,
                client -> action.equals(STATUS) ? status(client, job) : migrate(client, job, line));
    }

    private static int status(RestClusterClient<?> client, JobID job) throws Exception {
        JobMessageParameters parameters = new JobMessageParameters();
        parameters.jobPathParameter.resolve(job);
        StateTiersBody tiers =
                client.sendRequest(
                                new StateTiersHeaders(), parameters, EmptyRequestBody.getInstance())
                        .get();
        Table table =
                new Table(
                        "TASK",
                        "SUBTASK",
                        "TASKMANAGER",
                        "MODE",
                        "GROUPS HEAP",
                        "DISK",
                        "MOVING",
                        "ENTRIES HEAP",
                        "DISK",
                        "MIB HEAP",
                        "DISK");
        for (StateTiersBody.Subtask subtask : tiers.subtasks()) {
            table.row(
                    subtask.task(),
                    subtask.subtask(),
                    subtask.taskManager(),
                    subtask.mode(),
                    subtask.keyGroupsOnHeap(),
                    subtask.keyGroupsOnDisk(),
                    subtask.keyGroupsMoving(),
                    subtask.entriesOnHeap(),
                    subtask.entriesOnDisk(),
                    mebibytes(subtask.bytesOnHeap()),
                    mebibytes(subtask.bytesOnDisk()));
        }
        System.out.print(table);
        tiers.silent()
                .forEach(
                        silent ->
                                System.out.printf(
                                        "No answer from %s: %s%n",
                                        silent.taskManager(), silent.reason()));
        if (tiers.migration() != null) {
            System.out.println(progress(migration(client, job, tiers.migration())));
        }
        return 0;
    }

    private static int migrate(RestClusterClient<?> client, JobID job, CommandLine line)
            throws Exception {
        JobMessageParameters parameters = new JobMessageParameters();
        parameters.jobPathParameter.resolve(job);
        String trigger =
                client.sendRequest(new StateMigrationTriggerHeaders(), parameters, request(line))
                        .get()
                        .getTriggerId()
                        .toString();
        System.out.println("State migration " + trigger);
        if (line.hasOption(DETACHED.getOpt())) {
            return 0;
        }
        StateMigrationBody migration = migration(client, job, trigger);
        while (migration.status().id() == MigrationRules.Status.IN_PROGRESS) {
            System.out.println(progress(migration));
            Thread.sleep(POLL_INTERVAL.toMillis());
            migration = migration(client, job, trigger);
        }
        System.out.println(progress(migration));
        System.out.print(subtasks(migration));
        return migration.status().id() == MigrationRules.Status.COMPLETED ? 0 : 1;
    }

    private static StateMigrationRequestBody request(CommandLine line) throws CliArgsException {
        return new StateMigrationRequestBody(
                line.getOptionValue(TO.getLongOpt()),
                values(line, VERTEX),
                values(line, TASK_MANAGER),
                number(line, SHARE),
                number(line, PACE));
    }

    private static @Nullable List<String> values(CommandLine line, Option option) {
        String[] values = line.getOptionValues(option.getLongOpt());
        return values == null ? null : List.of(values);
    }

    private static @Nullable Double number(CommandLine line, Option option)
            throws CliArgsException {
        String text = line.getOptionValue(option.getLongOpt());
        try {
            return text == null ? null : Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new CliArgsException(
                    "Option --%s takes a number, not '%s'.".formatted(option.getLongOpt(), text));
        }
    }

    private static StateMigrationBody migration(
            RestClusterClient<?> client, JobID job, String trigger) throws Exception {
        SavepointStatusMessageParameters parameters = new SavepointStatusMessageParameters();
        parameters.jobIdPathParameter.resolve(job);
        parameters.triggerIdPathParameter.resolve(TriggerId.fromHexString(trigger));
        return client.sendRequest(
                        new StateMigrationStatusHeaders(),
                        parameters,
                        EmptyRequestBody.getInstance())
                .get();
    }

    private static String progress(StateMigrationBody migration) {
        return String.format(
                Locale.ROOT,
                "To %s: %s, %d of %d key groups, %d entries, %s MiB, %.1f s%s",
                migration.target(),
                migration.status().id().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                migration.keyGroupsThere(),
                migration.keyGroupsWanted(),
                migration.entriesMoved(),
                mebibytes(migration.bytesMoved()),
                migration.durationMillis() / 1e3,
                migration.message() == null ? "" : ". " + migration.message());
    }

    private static Table subtasks(StateMigrationBody migration) {
        Table table =
                new Table(
                        "TASK",
                        "SUBTASK",
                        "TASKMANAGER",
                        "PHASE",
                        "GROUPS",
                        "ENTRIES",
                        "MIB",
                        "SECONDS",
                        "ERROR");
        for (StateMigrationBody.Subtask subtask : migration.subtasks()) {
            table.row(
                    subtask.task(),
                    subtask.subtask(),
                    subtask.taskManager(),
                    subtask.phase().name().toLowerCase(Locale.ROOT),
                    "%d/%d".formatted(subtask.keyGroupsThere(), subtask.keyGroupsWanted()),
                    subtask.entriesMoved(),
                    mebibytes(subtask.bytesMoved()),
                    String.format(Locale.ROOT, "%.1f", subtask.durationMillis() / 1e3),
                    subtask.error() == null ? "" : subtask.error());
        }
        return table;
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / 1048576.0);
    }
}
