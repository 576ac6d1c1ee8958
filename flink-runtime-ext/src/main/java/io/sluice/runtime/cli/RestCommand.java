package io.sluice.runtime.cli;

import org.apache.flink.api.common.JobID;
import org.apache.flink.client.cli.CliArgsException;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.DefaultClusterClientServiceLoader;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.rest.util.RestClientException;
import org.apache.flink.runtime.security.SecurityConfiguration;
import org.apache.flink.runtime.security.SecurityUtils;
import org.apache.flink.util.ExceptionUtils;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A command about a job by our REST routes. It finds the JobManager as all commands of Flink do, by
 * the same options.
 */
abstract class RestCommand {

    static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    static final Option HELP = Option.builder("h").longOpt("help").desc("print this").build();

    private final CliFrontend frontend;
    private final Configuration configuration;

    RestCommand(CliFrontend frontend, Configuration configuration) {
        this.frontend = frontend;
        this.configuration = configuration;
    }

    /** Makes the command. */
    interface Maker {
        RestCommand make(CliFrontend frontend, Configuration configuration);
    }

    /** Runs the command and ends the JVM with its exit code, or 1 and what to change. */
    static void main(String[] args, Maker maker) {
        int exitCode = 1;
        try {
            String directory = CliFrontend.getConfigurationDirectoryFromEnv();
            Configuration configuration = GlobalConfiguration.loadConfiguration(directory);
            CliFrontend frontend =
                    new CliFrontend(
                            configuration,
                            CliFrontend.loadCustomCommandLines(configuration, directory));
            SecurityUtils.install(new SecurityConfiguration(configuration));
            exitCode =
                    SecurityUtils.getInstalledContext()
                            .runSecured(() -> maker.make(frontend, configuration).run(args));
        } catch (Exception e) {
            System.err.println(message(e));
        }
        System.exit(exitCode);
    }

    /** Returns the exit code. */
    abstract int run(String... args) throws Exception;

    /** What a user can do something about, without a stack trace. */
    private static String message(Throwable failure) {
        return ExceptionUtils.findThrowable(failure, RestClientException.class)
                .map(RestCommand::withoutPrefix)
                .orElseGet(
                        () -> {
                            Throwable cause =
                                    failure instanceof ExecutionException
                                                    && failure.getCause() != null
                                            ? failure.getCause()
                                            : failure;
                            return String.valueOf(cause.getMessage());
                        });
    }

    /** The client puts the messages of a server in brackets. */
    private static String withoutPrefix(RestClientException failure) {
        return String.valueOf(failure.getMessage()).replaceAll("^\\[|]$", "");
    }

    final CommandLine parse(Options options, String... args) throws CliArgsException {
        return frontend.getCommandLine(options, args, false);
    }

    static void printHelp(String usage, Options options) {
        HelpFormatter help = new HelpFormatter();
        help.setWidth(100);
        System.out.println(usage);
        help.printHelp(" ", options);
        System.out.println("The options of 'flink list' that choose the JobManager are taken too.");
    }

    static JobID job(CommandLine line) throws CliArgsException {
        List<String> jobs = line.getArgList();
        if (jobs.size() != 1) {
            throw new CliArgsException(
                    "Exactly one job id is needed, not %d: %s. 'flink list' shows them."
                            .formatted(jobs.size(), jobs));
        }
        try {
            return JobID.fromHexString(jobs.get(0));
        } catch (IllegalArgumentException e) {
            throw new CliArgsException(
                    "'%s' is no job id. 'flink list' shows them.".formatted(jobs.get(0)));
        }
    }

    interface Call {
        int on(RestClusterClient<?> client) throws Exception;
    }

    final int withClient(CommandLine line, Call call) throws Exception {
        Configuration effective = new Configuration(configuration);
        effective.addAll(frontend.validateAndGetActiveCommandLine(line).toConfiguration(line));
        return withClient(
                new DefaultClusterClientServiceLoader().getClusterClientFactory(effective),
                effective,
                call);
    }

    private static <C> int withClient(
            ClusterClientFactory<C> clients, Configuration effective, Call call) throws Exception {
        C cluster = clients.getClusterId(effective);
        if (cluster == null) {
            throw new CliArgsException(
                    "No cluster is chosen: add the option that names it, as for 'flink list'.");
        }
        try (ClusterDescriptor<C> descriptor = clients.createClusterDescriptor(effective);
                ClusterClient<C> client = descriptor.retrieve(cluster).getClusterClient()) {
            if (!(client instanceof RestClusterClient<?> rest)) {
                throw new CliArgsException("This kind of cluster has no REST API.");
            }
            return call.on(rest);
        }
    }
}
