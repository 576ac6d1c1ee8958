package io.sluice.runtime.cli;

import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.client.cli.CustomCommandLine;
import org.apache.flink.client.cli.DynamicPropertiesUtil;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.client.program.ProgramInvocationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.security.SecurityConfiguration;
import org.apache.flink.runtime.security.SecurityUtils;
import org.apache.flink.runtime.util.EnvironmentInformation;

import io.sluice.runtime.CheckpointingProfile;
import org.apache.commons.cli.Options;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.List;

/**
 * {@code flink run}: Flink's, for a job that has the defaults of its checkpointing profile. A
 * cluster that has the profile itself fills them in without this.
 */
public final class RunCommand extends CliFrontend {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private RunCommand(Configuration configuration, List<CustomCommandLine> commandLines) {
        super(configuration, commandLines);
    }

    /** Arguments: {@code run}, and what Flink's command takes. */
    public static void main(String[] args) {
        EnvironmentInformation.logEnvironmentInfo(LOG, "flink run", args);
        int exitCode = 1;
        try {
            String directory = getConfigurationDirectoryFromEnv();
            Configuration configuration = GlobalConfiguration.loadConfiguration(directory);
            RunCommand command =
                    new RunCommand(configuration, loadCustomCommandLines(configuration, directory));
            Configuration security = new Configuration(configuration);
            DynamicPropertiesUtil.encodeDynamicProperties(
                    command.getCommandLine(
                            new Options(), Arrays.copyOfRange(args, 1, args.length), true),
                    security);
            SecurityUtils.install(new SecurityConfiguration(security));
            exitCode =
                    SecurityUtils.getInstalledContext().runSecured(() -> command.parseAndRun(args));
        } catch (Exception | LinkageError e) {
            LOG.error("The job was not submitted.", e);
            System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        System.exit(exitCode);
    }

    @Override
    protected void executeProgram(Configuration configuration, PackagedProgram program)
            throws ProgramInvocationException {
        super.executeProgram(CheckpointingProfile.addTo(configuration), program);
    }
}
